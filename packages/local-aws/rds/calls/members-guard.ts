import { isAvailable } from '../world/instances.ts';
import { invalidClusterState, invalidInstanceState } from '../world/refusals.ts';
import { type Cluster, type Instance, openDeploymentOf, type World } from '../world/world.ts';

/** Nothing can be changed on an instance that is busy, or while its deployment switches over. */
export function checkInstanceChangeable(world: World, instance: Instance): void {
  const { DBInstanceIdentifier: name, DbiResourceId } = instance;
  if (!isAvailable(instance))
    throw invalidInstanceState(`Database instance ${name} is not in available state.`);
  if (isSwitching(world, DbiResourceId))
    throw invalidInstanceState(`Database instance ${name} is part of a switchover in progress.`);
}

export function checkClusterChangeable(world: World, cluster: Cluster): void {
  const { DBClusterIdentifier: name, DbClusterResourceId } = cluster;
  if (cluster.Status !== 'available')
    throw invalidClusterState(`DB cluster ${name} is not in available state.`);
  if (isSwitching(world, DbClusterResourceId))
    throw invalidClusterState(`DB cluster ${name} is part of a switchover in progress.`);
}

export const isSwitching = (world: World, resourceId: string): boolean =>
  openDeploymentOf(world, resourceId)?.status === 'SWITCHOVER_IN_PROGRESS';
