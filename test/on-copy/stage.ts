import type { RehearsalState } from '../../functions/domain/model/states.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { innerFence, type Kind } from '../simulation/databases.ts';
import { requestOf } from '../simulation/run.ts';
import type { Stage } from '../simulation/stage.ts';

/** The request of production's run, with people to ask, and everything that would reach production or wait for it. */
export const requestFor = (kind: Kind, more: object = {}): object => ({
  ...requestOf(kind, {
    approval: { required: true },
    wayBack: { login: {}, applicationRoles: ['app'] },
    bake: { minutes: 600, alarms: ['errors'] },
    ...(kind.isCluster && { oldBlue: { fenceSecurityGroup: innerFence } }),
    ...more,
  }),
  rehearseOnCopy: 'rehearseOnCopy' in more ? more.rehearseOnCopy : {},
});

/** Starts a rehearsal; time passes only in {@link settle}. */
export const rehearse = ({ account }: Stage, request: object, name?: string): string =>
  account.states.startExecution({
    stateMachineArn: account.rehearsalMachineArn,
    name,
    input: JSON.stringify(request),
  }).executionArn;

export async function settle({ clock, account }: Stage, executionArn: string): Promise<void> {
  await clock.run(account.states.settled(executionArn));
}

/** How an execution of the rehearsal ended. */
export function endOf({ account: { states } }: Stage, executionArn: string) {
  const { status, error, cause, output } = states.describeExecution(executionArn);
  const path = enteredStates(states.getExecutionHistory(executionArn)).map(
    ({ name }) => name as RehearsalState,
  );
  return { status, error, cause, end: path.at(-1), path, output: output ? JSON.parse(output) : undefined };
}

/** What is there beside what was there at the beginning, by name. */
export function leftOf({ account: { rds }, baseline }: Stage): string[] {
  const { instances, clusters, deployments, snapshots, clusterSnapshots } = rds.world;
  return [
    ...instances
      .filter(({ DbiResourceId }) => !baseline.all.has(DbiResourceId))
      .map(({ DBInstanceIdentifier }) => DBInstanceIdentifier),
    ...clusters
      .filter(({ DbClusterResourceId }) => !baseline.all.has(DbClusterResourceId))
      .map(({ DBClusterIdentifier }) => DBClusterIdentifier),
    ...deployments.map(({ id }) => id),
    ...[...snapshots, ...clusterSnapshots].map(() => 'a snapshot'),
  ];
}

/** Changing calls that RDS accepted on what was there at the beginning. */
export function touchedProduction({ account: { rds }, baseline }: Stage): string[] {
  return rds.journal.mutations
    .filter(({ refused }) => refused === undefined)
    .filter(({ touched }) => touched.some(({ resourceId }) => baseline.all.has(resourceId)))
    .map(({ operation }) => operation);
}
