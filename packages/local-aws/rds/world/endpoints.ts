import type { DataPlane } from '../data-plane.ts';
import type { Cluster, CustomEndpoint, Instance } from './world.ts';

/**
 * Names of the data plane's endpoints. Clusters and instances may share a name in RDS, so a cluster's
 * endpoints carry the same prefixes as their DNS names do.
 */
export const instanceEndpoint = (name: string): string => name;
export const writerEndpoint = (cluster: string): string => `${cluster}.cluster`;
export const readerEndpoint = (cluster: string): string => `${cluster}.cluster-ro`;
export const customEndpoint = (name: string): string => `${name}.cluster-custom`;

/** Writes the addresses that follow from the current name. */
export function addressInstance(dataPlane: DataPlane, instance: Instance): void {
  const { address, port } = dataPlane.endpoint(instanceEndpoint(instance.DBInstanceIdentifier));
  instance.Endpoint = { Address: address, Port: port, HostedZoneId: 'Z29XKXDKYMONMX' };
}

export function addressCluster(dataPlane: DataPlane, cluster: Cluster): void {
  const { address, port } = dataPlane.endpoint(writerEndpoint(cluster.DBClusterIdentifier));
  cluster.Endpoint = address;
  cluster.Port = port;
  cluster.ReaderEndpoint = dataPlane.endpoint(readerEndpoint(cluster.DBClusterIdentifier)).address;
}

export function addressCustomEndpoint(dataPlane: DataPlane, endpoint: CustomEndpoint): void {
  endpoint.Endpoint = dataPlane.endpoint(customEndpoint(endpoint.DBClusterEndpointIdentifier)).address;
}
