import type { ControlPlane } from './control-plane.ts';
import { customEndpoint, instanceEndpoint, readerEndpoint, writerEndpoint } from './endpoints.ts';
import type { Cluster, Instance } from './world.ts';

/** From now on nobody reaches these instances and this cluster. */
export async function closeEndpoints(
  rds: ControlPlane,
  instances: Instance[],
  cluster: Cluster | undefined,
): Promise<void> {
  const names = instances.map((instance) => instanceEndpoint(instance.DBInstanceIdentifier));
  if (cluster) {
    const name = cluster.DBClusterIdentifier;
    names.push(writerEndpoint(name), readerEndpoint(name));
    for (const endpoint of rds.world.customEndpoints)
      if (endpoint.DBClusterIdentifier === name)
        names.push(customEndpoint(endpoint.DBClusterEndpointIdentifier));
  }
  for (const name of names) await rds.dataPlane.pointEndpoint(name, undefined);
}

/** Takes an instance out of the world, out of its cluster, and out of what its neighbours say of it. */
export function forget(rds: ControlPlane, instance: Instance): void {
  const { world } = rds;
  const name = instance.DBInstanceIdentifier;
  world.instances.splice(world.instances.indexOf(instance), 1);
  for (const other of world.instances) {
    other.ReadReplicaDBInstanceIdentifiers = other.ReadReplicaDBInstanceIdentifiers?.filter(
      (replica) => replica !== name,
    );
    if (other.ReadReplicaSourceDBInstanceIdentifier === name)
      other.ReadReplicaSourceDBInstanceIdentifier = undefined;
  }
  for (const cluster of world.clusters)
    cluster.DBClusterMembers = cluster.DBClusterMembers.filter(
      (member) => member.DBInstanceIdentifier !== name,
    );
}
