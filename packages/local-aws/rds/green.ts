import type { ControlPlane } from './control-plane.ts';
import { copyOf } from './world/copy.ts';
import { parameterGroupNamed } from './world/parameter-groups.ts';
import { makeCluster, makeCustomEndpoint, makeInstance, makeMember } from './world/seeding.ts';
import {
  clusterById,
  customEndpointById,
  type Deployment,
  type Instance,
  instanceById,
  isAurora,
} from './world/world.ts';

/** The version that green runs in the end: the requested one, or blue's. */
export function targetVersion(rds: ControlPlane, deployment: Deployment): string {
  const [source] = deployment.members;
  const blue = instanceById(rds.world, source.blue) ?? clusterById(rds.world, source.blue);
  return deployment.request.TargetEngineVersion ?? blue?.EngineVersion ?? '';
}

/** Makes the record of a green instance, a copy of blue's under a name of its own; gives its resource id. */
export function greenInstance(rds: ControlPlane, deployment: Deployment, blueId: string): string {
  const blue = instanceById(rds.world, blueId);
  if (!blue) throw new Error(`blue ${blueId} is gone`);
  const copy = {
    ...copyOf(blue),
    DBInstanceIdentifier: rds.names.green(blue.DBInstanceIdentifier),
    DbiResourceId: rds.names.instanceId(),
    InstanceCreateTime: new Date(rds.clock.now()),
    DBInstanceStatus: 'creating',
    PendingModifiedValues: {},
    // IAM roles stay with blue: they belong to the physical database and are not copied.
    AssociatedRoles: [],
    ReadReplicaDBInstanceIdentifiers: [],
  };
  const [source] = deployment.members;
  if (isAurora(blue.Engine)) {
    const cluster = clusterById(rds.world, source.green);
    if (!cluster) throw new Error(`${deployment.id} has no green cluster`);
    return makeMember(rds, cluster, copy).DbiResourceId;
  }
  const primary = blueId === source.blue ? undefined : instanceById(rds.world, source.green);
  // Green begins as a replica of blue; green's readers are replicas of green's primary.
  const above = primary ?? blue;
  above.ReadReplicaDBInstanceIdentifiers = [
    ...(above.ReadReplicaDBInstanceIdentifiers ?? []),
    copy.DBInstanceIdentifier,
  ];
  copy.ReadReplicaSourceDBInstanceIdentifier = above.DBInstanceIdentifier;
  return makeInstance(rds, copy, primary?.database ?? copy.DbiResourceId).DbiResourceId;
}

export function greenCluster(rds: ControlPlane, _deployment: Deployment, blueId: string): string {
  const blue = clusterById(rds.world, blueId);
  if (!blue) throw new Error(`blue ${blueId} is gone`);
  return makeCluster(rds, {
    ...copyOf(blue),
    DBClusterIdentifier: rds.names.green(blue.DBClusterIdentifier),
    DbClusterResourceId: rds.names.clusterId(),
    ClusterCreateTime: new Date(rds.clock.now()),
    AssociatedRoles: [],
  }).DbClusterResourceId;
}

export function greenCustomEndpoint(rds: ControlPlane, deployment: Deployment, blueId: string): string {
  const blue = customEndpointById(rds.world, blueId);
  const cluster = clusterById(rds.world, deployment.members[0].green);
  if (!blue || !cluster) throw new Error(`blue ${blueId} is gone`);
  return makeCustomEndpoint(rds, cluster, rds.names.green(blue.DBClusterEndpointIdentifier))
    .DBClusterEndpointResourceIdentifier;
}

/** Gives green the version, groups, class and storage that the deployment asks for. */
export function applyTargetSettings(rds: ControlPlane, deployment: Deployment): void {
  const { request } = deployment;
  const version = targetVersion(rds, deployment);
  const family = rds.engineVersions.find(deployment.engine, version)?.family;
  const [source] = deployment.members;
  const cluster = clusterById(rds.world, source.green);
  if (cluster) {
    const group = request.TargetDBClusterParameterGroupName?.toLowerCase() ?? cluster.DBClusterParameterGroup;
    cluster.EngineVersion = version;
    cluster.DBClusterParameterGroup = fitting(rds, 'cluster', group, family);
  }
  for (const { green } of deployment.members) {
    const instance = instanceById(rds.world, green);
    if (!instance) continue;
    const current = instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? '';
    const group = fitting(
      rds,
      'instance',
      request.TargetDBParameterGroupName?.toLowerCase() ?? current,
      family,
    );
    instance.EngineVersion = version;
    instance.DBParameterGroups = [{ DBParameterGroupName: group, ParameterApplyStatus: 'in-sync' }];
    if (green === source.green) resize(instance, deployment);
  }
}

/** A group of another family cannot stay: green falls back to the default of the new one. */
function fitting(rds: ControlPlane, level: 'instance' | 'cluster', name: string, family = ''): string {
  return parameterGroupNamed(rds.world, level, name).family === family ? name : `default.${family}`;
}

/** Class and storage are given to green's primary only. */
function resize(instance: Instance, { request }: Deployment): void {
  instance.DBInstanceClass = request.TargetDBInstanceClass ?? instance.DBInstanceClass;
  instance.AllocatedStorage = request.TargetAllocatedStorage ?? instance.AllocatedStorage;
  instance.StorageType = request.TargetStorageType ?? instance.StorageType;
  instance.Iops = request.TargetIops ?? instance.Iops;
  instance.StorageThroughput = request.TargetStorageThroughput ?? instance.StorageThroughput;
}
