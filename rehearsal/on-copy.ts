import { setTimeout as pause } from 'node:timers/promises';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describeMeasured, readRehearsed } from '../functions/domain/on-copy/rehearsal.ts';
import { countKeys } from '../packages/local-aws/servers/verification.ts';
import type { Audience } from './audience.ts';
import { databaseName, productionOf } from './blue.ts';
import { takeBaseline } from './invariants/gather.ts';
import type { RehearsalOptions } from './options.ts';
import { startLoad } from './perform.ts';
import { followStates, progressLines } from './progress.ts';
import { furnish } from './rehearsal.ts';
import { openStage, type Stage, type Track } from './stage.ts';
import { longestGap } from './workload/workload.ts';

const rehearsed = 'Rehearsed on a copy: production was not touched';

/**
 * Rehearses an upgrade on a copy of a real database on this machine, while clients write to production, and proves that production saw nothing
 * of it and that nothing of the copy is left.
 * @returns the lines to be told, and whether everything held
 */
export async function rehearseOnCopy(
  options: RehearsalOptions,
  audience: Audience,
  log: string[],
  track: Track,
): Promise<{ lines: string[]; asExpected: boolean }> {
  const startedAt = Date.now();
  const told = (line: string) => audience.print(`  ${line}`);
  const stage = await openStage(options, { told, log, track });
  try {
    const { scenario } = await furnish(stage, options, told);
    const before = takeBaseline(stage.account, databaseName);
    const load = await startLoad(stage, options, track);
    followStates(stage.account.states, Date.now, progressLines(startedAt, audience.print));
    await pause(calmMs);
    // The hooks of the other rehearsals sign in as an application, which the security group of copies keeps out.
    const { hooks: _, ...request } = scenario.request as { hooks?: object };
    const execution = await start(stage, { ...request, rehearseOnCopy: {} });
    await pause(calmMs);
    return await prove(stage, execution, before.all, (await load.stop()).result);
  } finally {
    await stage.dispose();
  }
}

/** Calm before and after, so that the longest gap without a rehearsal is known. Real milliseconds. */
const calmMs = 750;

/** Starts the rehearsal through the API, as the console does, and waits for its end. */
async function start({ account }: Stage, request: object): Promise<string> {
  const client = new SFNClient({
    region: 'eu-west-1',
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'rehearsal' },
  });
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: account.rehearsalMachineArn,
      input: JSON.stringify(request),
    }),
  );
  await account.states.settled(executionArn);
  return executionArn;
}

async function prove(
  stage: Stage,
  execution: string,
  before: ReadonlySet<string>,
  { writes }: Awaited<ReturnType<Awaited<ReturnType<typeof startLoad>>['stop']>>['result'],
) {
  const { account, servers, blue } = stage;
  const { status, cause, output } = account.states.describeExecution(execution);
  const rows = countKeys(await servers.findKeys(blue.database), writes);
  const touched = account.rds.journal.mutations.filter(
    (one) => !one.refused && one.touched.some(({ resourceId }) => before.has(resourceId)),
  );
  const left = [...findDatabases(stage)].filter((id) => !before.has(id));
  const ended = status === 'SUCCEEDED' ? rehearsed : (cause ?? status ?? 'no end');
  const measured = readRehearsed(output)?.measured;
  return {
    asExpected:
      status === 'SUCCEEDED' &&
      rows.lost + rows.doubled + touched.length + left.length === 0 &&
      productionOf(account) === blue.database,
    lines: [
      ended,
      `  measured           ${measured ? describeMeasured(measured) : 'nothing'} (by the clock of the local RDS)`,
      `  production         ${touched.length} changing calls; longest write gap ${longestGap(writes).ms.toFixed(0)} ms`,
      `  rows               ${writes.length.toLocaleString('en')} acknowledged, ${rows.lost} lost, ${rows.doubled} doubled`,
      `  left of the copy   ${left.join(', ') || 'nothing'}`,
    ],
  };
}

/** Resource ids of every database and deployment that there is. */
function findDatabases({ account: { rds } }: Stage): Set<string> {
  const { instances, clusters, deployments } = rds.world;
  return new Set([
    ...instances.map(({ DbiResourceId }) => DbiResourceId),
    ...clusters.map(({ DbClusterResourceId }) => DbClusterResourceId),
    ...deployments.map(({ id }) => id),
  ]);
}
