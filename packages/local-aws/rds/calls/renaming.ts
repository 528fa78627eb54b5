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
  instance.DBInstanceArn = rds.names.arn('db', name);
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
  cluster.DBClusterArn = rds.names.arn('cluster', name);
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

export function renameCustomEndpoint(rds: ControlPlane, endpoint: CustomEndpoint, name: string): void {
  endpoint.DBClusterEndpointIdentifier = name;
  endpoint.DBClusterEndpointArn = rds.names.arn('cluster-endpoint', name);
  addressCustomEndpoint(rds.dataPlane, endpoint);
}
