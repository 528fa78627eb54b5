import { isAurora } from '../model/engine.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** Blue must be set up to be followed: logical replication for PostgreSQL, the binary log for Aurora MySQL. */
export const replicationParameters: Precondition = {
  id: 'replication-parameters',
  engines: ['aurora-mysql', 'aurora-postgresql', 'postgres'],
  looksAt: 'The parameters of blue by which green replicates: logical replication, or the binary log.',
  check: (facts) => {
    if (facts.replication === 'logical') {
      return checkLogical(facts);
    }
    // RDS for MySQL and MariaDB write their binary log whenever backups are on.
    return isAurora(facts.database.engine) ? checkBinaryLog(facts) : [];
  },
};

function checkLogical(facts: PreconditionFacts): RuleFinding[] {
  return checkGroup(facts, 'rds.logical_replication = 1', (parameters) => [
    ...(['1', 'on', 'true'].includes((parameters['rds.logical_replication'] ?? '').toLowerCase())
      ? []
      : [
          blocker(
            `rds.logical_replication is ${parameters['rds.logical_replication'] ?? 'not set'} in ${facts.blue.parameterGroup}, and green follows blue by logical replication. Set it to 1 and reboot the writer at a quiet moment.`,
          ),
        ]),
    ...(facts.database.kind === 'cluster' && (parameters.synchronous_commit ?? 'on').toLowerCase() !== 'on'
      ? [
          blocker(
            `synchronous_commit is ${parameters.synchronous_commit} in ${facts.blue.parameterGroup}; a deployment needs it on. Set it to on.`,
          ),
        ]
      : []),
  ]);
}

function checkBinaryLog(facts: PreconditionFacts): RuleFinding[] {
  return checkGroup(facts, 'binlog_format = ROW', (parameters) => {
    const format = parameters.binlog_format;
    return format && format.toUpperCase() !== 'OFF'
      ? []
      : [
          blocker(
            `binlog_format is ${format ?? 'not set'} in ${facts.blue.parameterGroup}, and green follows blue by the binary log. Set it to ROW and reboot the writer at a quiet moment.`,
          ),
        ];
  });
}

/** A default group cannot be changed, so it can hold neither setting. */
function checkGroup(
  { blue, blueParameters }: PreconditionFacts,
  setting: string,
  judge: (parameters: Record<string, string | undefined>) => RuleFinding[],
): RuleFinding[] {
  return blue.parameterGroup.startsWith('default.')
    ? [
        blocker(
          `blue uses ${blue.parameterGroup}, which cannot be changed. Create a parameter group of its own with ${setting}, put it on blue and reboot the writer at a quiet moment.`,
        ),
      ]
    : whenRead(blueParameters, `the parameter group ${blue.parameterGroup}`, judge);
}
