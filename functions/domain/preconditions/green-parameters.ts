import { isPostgres } from '../model/engine.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

type Parameters = Record<string, string | undefined>;

const isOn = (value: string | undefined) => ['1', 'on', 'true'].includes((value ?? '').toLowerCase());
const loads = (parameters: Parameters, library: string) =>
  (parameters.shared_preload_libraries ?? '').split(',').some((one) => one.trim() === library);

/** Green starts with this group, so what stands in it counts before green is there. */
export const greenParameters: Precondition = {
  id: 'green-parameters',
  engines: 'all',
  looksAt:
    'The parameters with which green starts: jobs, preloaded libraries, and what replication and a way back need.',
  how: 'DescribeDBParameters or DescribeDBClusterParameters of the group of green',
  source: `${sources.limitations}; ${sources.logical}`,
  check: (facts) => {
    const { greenGroup, greenParameters: reading, blueParameters } = facts;
    if (greenGroup === null) return [];
    return whenRead(reading, `the parameter group ${greenGroup}`, (green) =>
      whenRead(blueParameters, `the parameter group ${facts.blue.parameterGroup}`, (blue) =>
        isPostgres(facts.database.engine)
          ? judgePostgres(facts, greenGroup, green, blue)
          : judgeMysql(greenGroup, green),
      ),
    );
  },
};

function judgeMysql(group: string, green: Parameters): RuleFinding[] {
  return isOn(green.event_scheduler)
    ? [
        blocker(
          `event_scheduler is on in ${group}: events would run on green and on blue at once. Set it to OFF there, and to ON after the switchover.`,
        ),
      ]
    : [];
}

function judgePostgres(
  { replication, request }: PreconditionFacts,
  group: string,
  green: Parameters,
  blue: Parameters,
): RuleFinding[] {
  if (replication !== 'logical') return [];
  const babelfish = Object.keys(blue).filter(
    (name) => name.includes('babelfish') && blue[name] !== green[name],
  );
  return [
    ...(loads(green, 'pg_cron')
      ? [
          blocker(
            `shared_preload_libraries of ${group} loads pg_cron, whose workers write on green in spite of its read-only default. Leave it out, and add it after the switchover.`,
          ),
        ]
      : []),
    ...(loads(blue, 'pgaudit') && !loads(green, 'pgaudit')
      ? [
          blocker(
            `blue loads pgaudit and ${group} does not: changes of the schema fail on green. Add pgaudit to its shared_preload_libraries.`,
          ),
        ]
      : []),
    ...(isOn(green['apg_plan_mgmt.capture_plan_baselines']) ||
    green['apg_plan_mgmt.capture_plan_baselines'] === 'automatic'
      ? [
          blocker(
            `apg_plan_mgmt.capture_plan_baselines is on in ${group}. Set it to off until the switchover is done.`,
          ),
        ]
      : []),
    ...(babelfish.length > 0
      ? [
          blocker(
            `parameters of Babelfish differ between the groups of blue and of green: ${babelfish.slice(0, 12).join(', ')}. Make them equal in ${group}.`,
          ),
        ]
      : []),
    ...(request.wayBack.enabled && request.wayBack.login && !isOn(green['rds.logical_replication'])
      ? [
          warning(
            `rds.logical_replication is ${green['rds.logical_replication'] ?? 'not set'} in ${group}, so new production could not feed a way back. Set it to 1 there.`,
          ),
        ]
      : []),
    ...tooSmall(group, green),
  ];
}

/** At least one each; with more databases `replication-capacity` counts those of blue. */
function tooSmall(group: string, green: Parameters): RuleFinding[] {
  return ['max_replication_slots', 'max_wal_senders', 'max_logical_replication_workers']
    .filter((name) => /^\d+$/.test(green[name] ?? '') && Number(green[name]) < 1)
    .map((name) =>
      blocker(
        `${name} is ${green[name]} in ${group}, so green cannot follow blue. Raise it to the number of databases or more.`,
      ),
    );
}
