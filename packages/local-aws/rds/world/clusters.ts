import type {
  DBCluster,
  DescribeDBClusterEndpointsCommandInput,
  DescribeDBClustersCommandInput,
} from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import { copyOf } from './copy.ts';
import { readerEndpoint, writerEndpoint } from './endpoints.ts';
import { namesFromArns } from './instances.ts';
import { isMeant, nameFrom } from './naming.ts';
import { applyFilters, page } from './paging.ts';
import { clusterNotFound } from './refusals.ts';
import { type Cluster, clusterNamed, type World } from './world.ts';

/** The cluster that a call names by identifier or ARN; an unknown one is refused. */
export function findCluster(world: World, identifier: string | undefined): Cluster {
  const name = nameFrom(identifier ?? '', 'cluster');
  const cluster = clusterNamed(world, name);
  if (!cluster || !isMeant(identifier ?? '', cluster.DBClusterArn)) throw clusterNotFound(name);
  return cluster;
}

export function describeClusters(_rds: ControlPlane, world: World, input: DescribeDBClustersCommandInput) {
  const asked = input.DBClusterIdentifier ? [findCluster(world, input.DBClusterIdentifier)] : world.clusters;
  const filtered = applyFilters(asked, namesFromArns(input.Filters), {
    'db-cluster-id': (cluster) => [cluster.DBClusterIdentifier],
    'db-cluster-resource-id': (cluster) => [cluster.DbClusterResourceId],
    'clone-group-id': (cluster) => [cluster.CloneGroupId],
    engine: (cluster) => [cluster.Engine],
    domain: () => [],
  });
  const { items, Marker } = page(filtered, (cluster) => cluster.DBClusterIdentifier, input);
  return { DBClusters: items.map((cluster) => presentCluster(world, cluster)), Marker };
}

export function presentCluster(world: World, cluster: Cluster): DBCluster {
  const CustomEndpoints = world.customEndpoints
    .filter((endpoint) => endpoint.DBClusterIdentifier === cluster.DBClusterIdentifier)
    .map((endpoint) => endpoint.Endpoint ?? '');
  return { ...copyOf(cluster), CustomEndpoints };
}

/** DescribeDBClusterEndpoints: the writer, the reader and the custom endpoints of a cluster, or of all. */
export function describeClusterEndpoints(
  rds: ControlPlane,
  world: World,
  input: DescribeDBClusterEndpointsCommandInput,
) {
  const clusters = input.DBClusterIdentifier
    ? [findCluster(world, input.DBClusterIdentifier)]
    : world.clusters;
  const all = clusters.flatMap((cluster) => endpointsOf(rds, world, cluster));
  const asked = all.filter(
    (endpoint) =>
      !input.DBClusterEndpointIdentifier ||
      endpoint.DBClusterEndpointIdentifier === input.DBClusterEndpointIdentifier.toLowerCase(),
  );
  const filtered = applyFilters(asked, input.Filters, {
    'db-cluster-endpoint-type': ({ EndpointType }) => [EndpointType],
    'db-cluster-endpoint-custom-type': ({ CustomEndpointType }) => [CustomEndpointType],
    'db-cluster-endpoint-id': ({ DBClusterEndpointIdentifier }) => [DBClusterEndpointIdentifier],
    'db-cluster-endpoint-status': ({ Status }) => [Status],
  });
  const { items, Marker } = page(filtered, ({ Endpoint }) => Endpoint ?? '', input);
  return { DBClusterEndpoints: items.map((endpoint) => copyOf(endpoint)), Marker };
}

function endpointsOf(rds: ControlPlane, world: World, cluster: Cluster) {
  const name = cluster.DBClusterIdentifier;
  const own = [
    { EndpointType: 'WRITER', Endpoint: rds.dataPlane.endpoint(writerEndpoint(name)).address },
    { EndpointType: 'READER', Endpoint: rds.dataPlane.endpoint(readerEndpoint(name)).address },
  ].map((endpoint) => ({
    ...endpoint,
    DBClusterIdentifier: name,
    Status: 'available',
    DBClusterEndpointIdentifier: undefined,
    CustomEndpointType: undefined,
  }));
  const custom = world.customEndpoints.filter((endpoint) => endpoint.DBClusterIdentifier === name);
  return [...own, ...custom];
}

export const touchCluster = (rds: ControlPlane, cluster: Cluster) =>
  rds.touched(cluster.DbClusterResourceId, cluster.DBClusterArn);

/** For events about a cluster. */
export const clusterSource = (cluster: Cluster) => ({
  type: 'db-cluster' as const,
  identifier: cluster.DBClusterIdentifier,
  arn: cluster.DBClusterArn,
  tags: cluster.TagList,
});
