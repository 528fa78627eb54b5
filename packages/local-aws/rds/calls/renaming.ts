import type { ControlPlane } from '../control-plane.ts';
import { addressCluster, addressCustomEndpoint, addressInstance } from '../world/endpoints.ts';
import type { Cluster, CustomEndpoint, Instance } from '../world/world.ts';

/** Gives an instance another name: its ARN and address follow, and so does all that mentions it. */
export function renameInstance(rds: ControlPlane, instance: Instance, name: string): void {
  const before = instance.DBInstanceIdentifier;
  const renamed = (other: string) => (other === before ? name : other);
  instance.DBInstanceIdentifier = name;
  rds.holders.note(before, undefined, rds.clock.now());
  rds.holders.note(name, instance.database, rds.clock.now());
  const arn = rds.names.arn('db', name);
  renameTargets(rds, { from: instance.DBInstanceArn, to: arn });
  instance.DBInstanceArn = arn;
  addressInstance(rds.dataPlane, instance);
  for (const other of rds.world.instances) {
    if (other.ReadReplicaSourceDBInstanceIdentifier === before)
      other.ReadReplicaSourceDBInstanceIdentifier = name;
    other.ReadReplicaDBInstanceIdentifiers = other.ReadReplicaDBInstanceIdentifiers?.map(renamed);
  }
  for (const { DBClusterMembers } of rds.world.clusters)
    for (const member of DBClusterMembers) member.DBInstanceIdentifier = renamed(member.DBInstanceIdentifier);
}

export function renameCluster(rds: ControlPlane, cluster: Cluster, name: string): void {
  const before = cluster.DBClusterIdentifier;
  dropScaling(rds, [before, name]);
  cluster.DBClusterIdentifier = name;
  const arn = rds.names.arn('cluster', name);
  renameTargets(rds, { from: cluster.DBClusterArn, to: arn });
  cluster.DBClusterArn = arn;
  addressCluster(rds.dataPlane, cluster);
  for (const owned of [...rds.world.instances, ...rds.world.customEndpoints])
    if (owned.DBClusterIdentifier === before) owned.DBClusterIdentifier = name;
}

/**
 * The user guide says that scaling policies have to be made again after a switchover (Aurora, "Limitations for blue/green deployments").
 * Assumed, UNCONFIRMED: what is registered under a name goes with every rename that the name has part in.
 */
function dropScaling({ world }: ControlPlane, names: string[]): void {
  world.scaling = world.scaling.filter(
    ({ ResourceId }) => !names.includes(ResourceId.replace(/^cluster:/, '')),
  );
}

/**
 * Lets targets of proxies name a database by its new ARN. A model: whether a proxy stays with a database that is renamed, or with its name, is
 * not documented.
 */
export function renameTargets({ world }: ControlPlane, { from, to }: { from: string; to: string }): void {
  const last = (arn: string) => arn.split(':').at(-1);
  for (const target of world.proxies.flatMap(({ targets }) => targets)) {
    if (target.TargetArn !== from) continue;
    target.TargetArn = to;
    if (target.RdsResourceId === last(from)) target.RdsResourceId = last(to);
    if (target.TrackedClusterId === last(from)) target.TrackedClusterId = last(to);
  }
}

export function renameCustomEndpoint(rds: ControlPlane, endpoint: CustomEndpoint, name: string): void {
  endpoint.DBClusterEndpointIdentifier = name;
  endpoint.DBClusterEndpointArn = rds.names.arn('cluster-endpoint', name);
  addressCustomEndpoint(rds.dataPlane, endpoint);
}
