import type { TargetHealth } from '@aws-sdk/client-rds';
import { engines } from '../functions/domain/model/engine.ts';
import { isRead } from '../functions/domain/model/reading.ts';
import { majorOf, type SqlLook, type UpgradePlan } from '../functions/domain/preconditions/by-sql/check.ts';
import { checksFor } from '../functions/domain/preconditions/by-sql/list.ts';
import type { FaultName } from './options.ts';
import type { Stage } from './stage.ts';

/** What is wrong beside blue from the start; what is wrong in it is a statement of its family. */
const defects: Partial<Record<FaultName, (stage: Stage) => unknown>> = {
  'zero-etl': ({ account }) =>
    account.rds.world.integrations.push({
      IntegrationName: 'orders-to-redshift',
      SourceArn: blueArn(account),
    }),
  'dead-proxy': ({ account }) => addProxy(account, { State: 'UNAVAILABLE', Reason: 'AUTH_FAILURE' }),
};

/** What stands beside blue and harms nothing before the cut. */
const neighbours: Partial<Record<FaultName, (stage: Stage) => unknown>> = {
  'proxy-left-behind': ({ account }) => addProxy(account, { State: 'AVAILABLE' }),
};

function addProxy(account: Stage['account'], TargetHealth: TargetHealth): void {
  const TargetArn = blueArn(account);
  const RdsResourceId = TargetArn.split(':').at(-1);
  account.rds.world.proxies.push({
    DBProxyName: 'orders-pool',
    targets: [{ TargetArn, RdsResourceId, TargetHealth }],
  });
}

/** Faults with which a run must be refused. */
export const refusedFaultsOf = ({ defects: within }: Stage['servers']) =>
  [...Object.keys(within), ...Object.keys(defects)] as FaultName[];

/** Makes the defect of a fault, or what stands beside blue for it, where it has one. */
export async function makeDefect(stage: Stage, fault: FaultName | undefined): Promise<void> {
  if (!fault) return;
  const { servers, blue } = stage;
  const statement = servers.defects[fault];
  if (statement) await servers.run(blue.database, statement);
  await defects[fault]?.(stage);
  await neighbours[fault]?.(stage);
}

const blueArn = ({ rds: { world } }: Stage['account']) =>
  world.clusters[0]?.DBClusterArn ?? world.instances[0]?.DBInstanceArn ?? '';

/**
 * The ids of checks that will refuse an upgrade of what blue holds: nobody knows a dump beforehand. Answered by the function that the run
 * asks, so this is no proof that they are right.
 */
export async function findRefusing({ servers, plane, blue, versions }: Stage): Promise<string[]> {
  const plan: UpgradePlan = {
    engine: blue.engine,
    replication: engines[blue.engine].replication.newMajor,
    from: versions.from,
    to: versions.to,
  };
  if (majorOf(plan.from) === majorOf(plan.to)) return [];
  const { port } = await plane.hostOf(blue.database);
  const reply = await servers.sql.handler({
    ask: 'preconditions',
    ...{ executionArn: 'arn:aws:states:::execution:rehearsal:dump', login: { user: 'viridian' } },
    ...{ resourceId: blue.database, host: '127.0.0.1', port, is: null, plan, told: 1 },
  });
  if (reply.kind !== 'answer') return [];
  const look = reply.facts as SqlLook;
  return checksFor(plan)
    .filter((check) => check.severity(plan) === 'blocker')
    .map(({ id }) => id)
    .filter((id) => {
      const found = look[id];
      return found === undefined || !isRead(found) || found.value.count > 0;
    });
}
