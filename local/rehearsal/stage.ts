import { createHash } from 'node:crypto';
import { type Account, openAccount } from '../account.ts';
import type { HttpServer } from '../aws/endpoint.ts';
import { ScaledClock } from '../clock.ts';
import type { RehearsalOptions } from '../options.ts';
import { PostgresDataPlane } from '../postgres/data-plane.ts';
import { loadDump } from '../postgres/dump.ts';
import { seedWorkload } from '../postgres/seed.ts';
import type { EngineVersion } from '../rds/engine-versions.ts';
import type { Fault } from '../rds/faults.ts';
import type { Instance } from '../rds/world.ts';
import { databaseName } from './scenario.ts';

/** Ticks, timeouts and metric periods go so many times faster than on AWS. Nothing else differs. */
export const timeScale = 30;

const second = 1_000;

/** The local RDS answers in seconds where AWS takes minutes; the databases themselves take what they take. */
const quickTimings = {
  provisioningStart: 5 * second,
  createReplica: 10 * second,
  upgradeEngine: 10 * second,
  configureBackups: 5 * second,
  settleMembers: 10 * second,
  guardrails: 2 * second,
  finishSwitchover: 5 * second,
  deleteDeployment: 5 * second,
  snapshot: 10 * second,
  deleteDatabase: 10 * second,
};

/** Names of what stands on the stage. */
export const alarm = 'orders-errors';
const groupOf = (major: number) => `${databaseName}-postgres${major}`;

/** A local account whose RDS has one real PostgreSQL database, `orders`. */
export interface Stage {
  clock: ScaledClock;
  plane: PostgresDataPlane;
  account: Account;
  blue: Instance;
  versions: { from: string; to: string };
  /** Parameter group for green. */
  targetGroup: string;
  definitionSha256: string;
  /** Script of what the local RDS is to make go wrong; read while the run goes on. */
  faults: Fault[];
  /** Serves the approval page on a free port. */
  listen(): Promise<void>;
  /** Stops every server and everything that goes on by itself. */
  dispose(): Promise<void>;
}

/** Sets the stage: servers, account, an empty blue. */
export async function setStage(
  options: Pick<RehearsalOptions, 'from' | 'to' | 'endpoint' | 'keep'>,
): Promise<Stage> {
  const clock = new ScaledClock(timeScale);
  const faults: Fault[] = [];
  let server: HttpServer | undefined;
  const plane = await PostgresDataPlane.open({ mode: options.endpoint, keep: options.keep, clock });
  try {
    const majors = [options.from, options.to];
    const [from = '', to = ''] = await Promise.all(
      majors.map(async (major) => (await plane.workspace.binaries(major)).version),
    );
    const account = await openAccount({
      clock,
      dataPlane: plane,
      faults,
      timings: quickTimings,
      engineVersions: offeredVersions([
        [options.from, from],
        [options.to, to],
      ]),
    });
    for (const major of majors) {
      const parameters = { 'rds.logical_replication': '1' };
      account.rds.addParameterGroup({ name: groupOf(major), family: `postgres${major}`, parameters });
    }
    await putHealthyAlarm(account);
    const blue = await account.rds.addInstance({
      DBInstanceIdentifier: databaseName,
      EngineVersion: from,
      parameterGroup: groupOf(options.from),
    });
    return {
      clock,
      plane,
      account,
      blue,
      versions: { from, to },
      targetGroup: groupOf(options.to),
      faults,
      definitionSha256: createHash('sha256').update(account.definition).digest('hex'),
      async listen() {
        server = await account.listen(0);
      },
      async dispose() {
        account.close();
        await server?.close();
        await plane.dispose();
      },
    };
  } catch (error) {
    await plane.dispose();
    throw error;
  }
}

/** Fills blue: the user's dump when there is one, and the workload's own tables beside it. Gives warnings of the dump. */
export async function fillBlue(
  stage: Stage,
  options: Pick<RehearsalOptions, 'rows' | 'dump'>,
): Promise<string[]> {
  const { plane, blue } = stage;
  const report = options.dump ? await loadDump(plane.database(blue.database), options.dump) : undefined;
  await seedWorkload(plane, blue.database, options.rows);
  return report?.warnings ?? [];
}

function offeredVersions(installed: [major: number, version: string][]): EngineVersion[] {
  return installed.map(([major, version]) => ({
    engine: 'postgres',
    version,
    family: `postgres${major}`,
    targets: installed.filter(([other]) => other > major).map(([, target]) => target),
  }));
}

async function putHealthyAlarm({ cloudWatch: { operations } }: Account): Promise<void> {
  const call = { requestId: 'stage', service: 'monitoring', operation: 'stage' };
  await operations.PutMetricAlarm?.(
    {
      AlarmName: alarm,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: 0,
      ActionsEnabled: true,
    },
    call,
  );
  await operations.SetAlarmState?.(
    { AlarmName: alarm, StateValue: 'OK', StateReason: 'the rehearsal begins' },
    call,
  );
}
