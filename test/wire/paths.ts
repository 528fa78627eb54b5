import type { Deployment } from '../../functions/domain/model/deployment.ts';
import { withoutWayBack } from '../../functions/domain/way-back/state.ts';
import { handler as checkPreconditions } from '../../functions/handlers/accept/check-preconditions.ts';
import { handler as createGreen } from '../../functions/handlers/build/create-green.ts';
import { handler as waitForGreen } from '../../functions/handlers/build/wait-for-green.ts';
import { handler as findProductionSide } from '../../functions/handlers/cut/find-production-side.ts';
import { handler as startSwitchover } from '../../functions/handlers/cut/start-switchover.ts';
import { handler as waitForSwitchover } from '../../functions/handlers/cut/wait-for-switchover.ts';
import { handler as verifyProduction } from '../../functions/handlers/prove/verify-production.ts';
import { addParameterGroup } from '../../packages/local-aws/rds/world/parameter-groups.ts';
import { addCluster, addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import { asRequest, type Bench, executionArn, minute, type Run } from './bench.ts';

const logical = { 'rds.logical_replication': '1' };

/** The databases that every path is walked with: what there is, and what is asked for. */
export const kinds = [
  {
    kind: 'an RDS instance with a replica',
    request: {
      database: 'orders',
      target: { engineVersion: '17.10', parameterGroup: 'orders-17' },
      approval: { required: false },
    },
    async build({ rds }: Bench): Promise<void> {
      addParameterGroup(rds, { name: 'orders-16', family: 'postgres16', parameters: logical });
      addParameterGroup(rds, { name: 'orders-17', family: 'postgres17', parameters: logical });
      const fields = { EngineVersion: '16.14', parameterGroup: 'orders-16', DeletionProtection: true };
      await addInstance(rds, { DBInstanceIdentifier: 'orders', ...fields });
      await addInstance(rds, {
        DBInstanceIdentifier: 'orders-replica',
        ReadReplicaSourceDBInstanceIdentifier: 'orders',
        ...fields,
      });
    },
  },
  {
    kind: 'an Aurora cluster',
    request: {
      database: 'ledger',
      target: { engineVersion: '17.7', clusterParameterGroup: 'ledger-17' },
      approval: { required: false },
    },
    async build({ rds }: Bench): Promise<void> {
      const group = { level: 'cluster', parameters: logical } as const;
      addParameterGroup(rds, { name: 'ledger-16', family: 'aurora-postgresql16', ...group });
      addParameterGroup(rds, { name: 'ledger-17', family: 'aurora-postgresql17', ...group });
      await addCluster(rds, {
        DBClusterIdentifier: 'ledger',
        Engine: 'aurora-postgresql',
        EngineVersion: '16.11',
        DBClusterParameterGroup: 'ledger-16',
        DeletionProtection: true,
        members: [{ DBInstanceIdentifier: 'ledger-1' }, { DBInstanceIdentifier: 'ledger-2' }],
        customEndpoints: ['ledger-reports'],
      });
    },
  },
];

/** The run after "Check preconditions". */
export async function begin(bench: Bench, input: object): Promise<Run> {
  const request = asRequest(input);
  bench.database = request.database;
  const { deployment } = await bench.invoke(checkPreconditions, { executionArn, request, hooks: [] });
  return { executionArn, request, deployment, wayBack: withoutWayBack('none was asked for') };
}

/** The run after "Wait for green". */
export async function withGreen(bench: Bench, input: object): Promise<Run> {
  const run = await begin(bench, input);
  const created = { ...run, deployment: await bench.invoke(createGreen, run) };
  // The machine notes when green was nearly ready, and looks again.
  const nearly = { ...created, nearlySince: new Date(bench.clock.now()).toISOString() };
  return { ...created, deployment: await until<Deployment>(bench, waitForGreen, nearly) };
}

/** The run after "Verify production". */
export async function switchedOver(bench: Bench, input: object): Promise<Run> {
  const run = await withGreen(bench, input);
  await bench.invoke(startSwitchover, run);
  await until(bench, waitForSwitchover, run);
  const { deployment } = await bench.invoke(findProductionSide, run);
  if (!deployment) throw new Error('green does not serve');
  return {
    ...run,
    deployment: await bench.invoke(verifyProduction, { ...run, deployment }),
  };
}

/** Looks once a minute until the token is answered; gives the answer. */
export async function until<Facts>(
  bench: Bench,
  handler: (event: never) => Promise<unknown>,
  event: object,
): Promise<Facts> {
  for (let looks = 0; looks < 300; looks += 1) {
    const facts = await bench.look<Facts>(handler, event);
    if (facts !== undefined) return facts;
    await bench.pass(minute);
  }
  throw new Error('the wait never ends');
}

/** As the state machine does it: Busy is tried again after a while, eight times. */
export async function retried<Result>(bench: Bench, attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 0; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if ((error as Error).name !== 'BlueGreen.Busy' || attempts === 8) throw error;
      await bench.pass(minute);
    }
  }
}
