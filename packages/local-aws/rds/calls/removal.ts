import type { ControlPlane } from '../control-plane.ts';
import { clusterSource } from '../world/clusters.ts';
import { customEndpoint, instanceEndpoint, readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import { instanceSource } from '../world/instances.ts';
import { type Cluster, type Instance, openDeploymentOf } from '../world/world.ts';

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

/** A deployment that has lost its source or its target cannot be switched over any more. */
function noticeLoss(rds: ControlPlane, resourceId: string): void {
  const deployment = openDeploymentOf(rds.world, resourceId);
  if (!deployment || deployment.status === 'DELETING') return;
  const [{ blue, green }] = deployment.members;
  if (resourceId !== blue && resourceId !== green) return;
  deployment.status = 'INVALID_CONFIGURATION';
  deployment.statusDetails = `The ${resourceId === blue ? 'source' : 'target'} of the deployment was deleted`;
}

/** Takes a cluster and its endpoints out of the world. */
export function forgetCluster(rds: ControlPlane, cluster: Cluster): void {
  const { world } = rds;
  noticeLoss(rds, cluster.DbClusterResourceId);
  world.clusters.splice(world.clusters.indexOf(cluster), 1);
  world.customEndpoints = world.customEndpoints.filter(
    (endpoint) => endpoint.DBClusterIdentifier !== cluster.DBClusterIdentifier,
  );
  rds.events.emit(clusterSource(cluster), 'deletion', '0171', 'DB cluster deleted');
}

/** Takes an instance out of the world, out of its cluster, and out of what its neighbours say of it. */
export function forgetInstance(rds: ControlPlane, instance: Instance): void {
  const { world } = rds;
  const name = instance.DBInstanceIdentifier;
  noticeLoss(rds, instance.DbiResourceId);
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
  rds.events.emit(instanceSource(instance), 'deletion', '0003', 'DB instance deleted');
}
