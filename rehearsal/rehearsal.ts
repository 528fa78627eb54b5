import { join } from 'node:path';
import { findEngine } from '../functions/domain/model/engine.ts';
import type { Audience } from './audience.ts';
import { spoilSecondStep } from './bad-read-step.ts';
import { newest } from './blue.ts';
import { composeReport } from './compose-report.ts';
import { findRefusing, makeDefect } from './defects.ts';
import { writeEvidence } from './evidence.ts';
import { registerChangeHook, registerTestHook, registerWriteHooks } from './hooks.ts';
import { nameOfOwn, type RehearsalOptions } from './options.ts';
import { fullScale } from './pace.ts';
import { perform } from './perform.ts';
import type { Report } from './report/types.ts';
import { expectNoGreen, expectRefusal, planScenario, refused, type Scenario } from './scenario.ts';
import { alarm, openStage, type Stage, type Track } from './stage.ts';

/**
 * Upgrades a real database on this machine with the deployed workflow, under live writes, and proves what happened.
 * `track` is given everything that has to be ended when the process is told to stop; `log` is where the lines of the functions go.
 */
export async function rehearse(
  options: RehearsalOptions,
  audience: Audience,
  log: string[],
  track: Track,
): Promise<Report> {
  const startedAt = Date.now();
  const engine = findEngine(options.engine)?.label ?? options.engine;
  audience.print(
    `${engine} ${describeVersions(options)}, ${options.writers} writers, endpoint mode ${options.endpoint}`,
  );
  const told = (line: string) => audience.print(`  ${line}`);
  const stage = await openStage(options, { told, log, track });
  try {
    if (stage.pace.scale < fullScale)
      told(
        `this machine is slow or busy: the run's time goes ${stage.pace.scale} times as fast as on AWS, not ${fullScale} times`,
      );
    const { scenario, warnings, own } = await furnish(stage, options, told);
    const run = await perform(stage, scenario, options, audience, startedAt, track);
    const refusals = stage.servers.refusedUpgrades();
    for (const refusal of refusals) told(`warning: ${refusal}`);
    await writeEvidence(join(options.report, 'evidence'), stage.account);
    const said = { startedAt, warnings: [...warnings, ...refusals], own, green: stage.servers.green, log };
    return await composeReport(stage, scenario, options, { ...run, ...said });
  } finally {
    await stage.dispose();
  }
}

/** Fills blue, breaks it where that is asked, and plans the run that it deserves. */
export async function furnish(stage: Stage, options: RehearsalOptions, told: (line: string) => void) {
  const planned = prepare(stage, options);
  await stage.listen(0);
  const { servers, blue } = stage;
  const { warnings, own } = await servers.fill(blue.database, { ...options, told });
  await makeDefect(stage, options.fault);
  if (own) told(`${own.tables} tables and ${own.rows} rows came from ${nameOfOwn(options)}`);
  if (servers.green.because)
    warnings.push(
      `green is an approximation, made by statements on an empty server: ${servers.green.because}`,
    );
  if (options.wayBack) await servers.prepareWayBack(blue.database);
  const scenario = await expectWhatBlueHolds(stage, planned, own !== null && options.wayBack, warnings);
  for (const warning of warnings) told(`warning: ${warning}`);
  return { scenario, warnings, own };
}

/**
 * What is to be expected of a database that somebody brought: a refusal, where the databases may be asked, or a green that cannot be built.
 * @param asked the run asks the databases before it builds anything
 */
async function expectWhatBlueHolds(
  stage: Stage,
  planned: Scenario,
  asked: boolean,
  warnings: string[],
): Promise<Scenario> {
  if (planned.expectedEnd === refused) return planned;
  const refusing = asked ? await findRefusing(stage) : [];
  if (refusing.length > 0) {
    warnings.push(`the run is expected to be refused: ${refusing.join(', ')}`);
    return expectRefusal(planned);
  }
  const uncopyable = await stage.servers.whyNoGreen(stage.blue.database, stage.versions.to);
  for (const reason of uncopyable)
    warnings.push(`RDS will build no green, so the run is expected to stop: ${reason}`);
  return uncopyable.length > 0 ? expectNoGreen(planned) : planned;
}

function describeVersions({ from, to }: RehearsalOptions): string {
  return from === newest ? 'of the newest version that can be had on both sides' : `${from} -> ${to}`;
}

/** Plans what is rehearsed, and registers the hooks that it needs. */
export function prepare(stage: Stage, options: RehearsalOptions): Scenario {
  const scenario = planScenario(options, {
    versions: stage.versions,
    alarm,
    testHook: registerTestHook(stage.account.lambda, stage.servers, options.fault === 'green-test-fails'),
    changeHook:
      options.fault === 'incompatible-schema'
        ? registerChangeHook(stage.account.lambda, stage.servers)
        : undefined,
    metrics: stage.servers.metrics,
    writeHooks: stage.pooler && registerWriteHooks(stage.account.lambda, stage.pooler),
    record: stage.account.record,
    readsRecord: stage.account.readsRecord,
  });
  stage.faults.push(...scenario.faults);
  if (options.fault?.startsWith('bad-read-step')) spoilSecondStep(stage);
  return scenario;
}
