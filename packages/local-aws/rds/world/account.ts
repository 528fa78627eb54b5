import type { AccountQuota } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { World } from './world.ts';

const counted: Record<string, (world: World) => number> = {
  DBInstances: (world) => world.instances.length,
  AllocatedStorage: (world) =>
    world.instances.reduce((sum, { AllocatedStorage }) => sum + (AllocatedStorage ?? 0), 0),
  DBClusters: (world) => world.clusters.length,
  DBParameterGroups: (world) => customGroups(world, 'instance'),
  DBClusterParameterGroups: (world) => customGroups(world, 'cluster'),
  ManualSnapshots: (world) => world.snapshots.filter(({ SnapshotType }) => SnapshotType === 'manual').length,
  ManualClusterSnapshots: (world) =>
    world.clusterSnapshots.filter(({ SnapshotType }) => SnapshotType === 'manual').length,
  ReadReplicasPerMaster: (world) =>
    Math.max(0, ...world.instances.map((instance) => instance.ReadReplicaDBInstanceIdentifiers?.length ?? 0)),
  CustomEndpointsPerDBCluster: (world) =>
    Math.max(
      0,
      ...world.clusters.map(
        ({ DBClusterIdentifier }) =>
          world.customEndpoints.filter((endpoint) => endpoint.DBClusterIdentifier === DBClusterIdentifier)
            .length,
      ),
    ),
};

const customGroups = (world: World, level: 'instance' | 'cluster') =>
  world.parameterGroups.filter((group) => group.level === level && !group.name.startsWith('default.')).length;

export function describeAccountAttributes(_rds: ControlPlane, world: World) {
  const AccountQuotas: AccountQuota[] = Object.entries(world.quotas).map(([AccountQuotaName, Max]) => ({
    AccountQuotaName,
    Max,
    Used: counted[AccountQuotaName]?.(world) ?? 0,
  }));
  return { AccountQuotas };
}

const faults = {
  DBInstances: ['InstanceQuotaExceededFault', 400],
  AllocatedStorage: ['StorageQuotaExceededFault', 400],
  DBClusters: ['DBClusterQuotaExceededFault', 403],
  ManualSnapshots: ['SnapshotQuotaExceededFault', 400],
  ManualClusterSnapshots: ['SnapshotQuotaExceededFault', 400],
} as const;

/** Refuses when `more` of a thing would not fit into the account. */
export function checkQuota(world: World, quota: keyof typeof faults, more: number): void {
  const max = world.quotas[quota];
  const used = counted[quota]?.(world) ?? 0;
  if (max === undefined || used + more <= max) return;
  const [name, status] = faults[quota];
  throw new AwsError(
    name,
    `The quota ${quota} is exceeded: ${used} of ${max} are used, ${more} more are needed.`,
    status,
  );
}
