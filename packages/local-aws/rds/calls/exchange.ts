import type { ControlPlane } from '../control-plane.ts';
import type { DataPlane } from '../data-plane.ts';
import { databaseOf } from '../provisioning.ts';
import { copyOf } from '../world/copy.ts';
import { arnOf } from '../world/deployments.ts';
import { customEndpoint, instanceEndpoint, readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import {
  clusterById,
  clusterNamed,
  customEndpointById,
  type Deployment,
  type DeploymentMember,
  instanceById,
  instanceNamed,
  type World,
} from '../world/world.ts';
import { renameCluster, renameCustomEndpoint, renameInstance } from './renaming.ts';

type Pairs = Parameters<DataPlane['cutOver']>[0]['pairs'];

/** The names of one row before the switchover, and the one that blue gets. */
export interface Exchange {
  member: DeploymentMember;
  production: string;
  green: string;
  oldBlue: string;
}

/** Rows that can be switched: both sides are there. `keeps` is a row that fails and keeps its names. */
export function planExchange(
  rds: ControlPlane,
  deployment: Deployment,
  keeps?: DeploymentMember,
): Exchange[] {
  const { world, names } = rds;
  return deployment.members.flatMap((member) => {
    const production = nameOf(world, member.kind, member.blue);
    const green = nameOf(world, member.kind, member.green);
    if (!production || !green || member === keeps) return [];
    const oldBlue = names.old(production, (name) => isTaken(world, member.kind, name));
    return [{ member, production, green, oldBlue }];
  });
}

/** The endpoints that the data plane swaps: one for each instance and custom endpoint, two for a cluster. */
export function endpointPairs(rds: ControlPlane, deployment: Deployment, exchanges: Exchange[]): Pairs {
  const blueResource = databaseOf(rds, deployment, 'blue');
  const greenResource = databaseOf(rds, deployment, 'green');
  const endpoints = {
    db: [instanceEndpoint],
    cluster: [writerEndpoint, readerEndpoint],
    'cluster-endpoint': [customEndpoint],
  };
  return exchanges.flatMap(({ member, production, green, oldBlue }) =>
    endpoints[member.kind].map((endpoint) => ({
      production: endpoint(production),
      green: endpoint(green),
      oldBlue: endpoint(oldBlue),
      blueResource,
      greenResource,
    })),
  );
}

/** Blue takes the old name, green blue's name and blue's tags; green is nobody's replica any more. */
export function exchangeNames(rds: ControlPlane, exchange: Exchange): void {
  renameBoth(rds, exchange);
  const { member } = exchange;
  member.blueArn = arnOf(rds.world, member.kind, member.blue) ?? member.blueArn;
  member.greenArn = arnOf(rds.world, member.kind, member.green) ?? member.greenArn;
}

function renameBoth(rds: ControlPlane, { member, production, oldBlue }: Exchange): void {
  const { world } = rds;
  const [blue, green] = [instanceById(world, member.blue), instanceById(world, member.green)];
  if (blue && green) {
    renameInstance(rds, blue, oldBlue);
    renameInstance(rds, green, production);
    green.TagList = copyOf(blue.TagList);
    blue.ReadReplicaDBInstanceIdentifiers = blue.ReadReplicaDBInstanceIdentifiers?.filter(
      (name) => name !== production,
    );
    if (green.ReadReplicaSourceDBInstanceIdentifier === oldBlue)
      green.ReadReplicaSourceDBInstanceIdentifier = undefined;
    return;
  }
  const [blueCluster, greenCluster] = [clusterById(world, member.blue), clusterById(world, member.green)];
  if (blueCluster && greenCluster) {
    renameCluster(rds, blueCluster, oldBlue);
    renameCluster(rds, greenCluster, production);
    greenCluster.TagList = copyOf(blueCluster.TagList);
  }
  const [blueEndpoint, greenEndpoint] = [
    customEndpointById(world, member.blue),
    customEndpointById(world, member.green),
  ];
  if (blueEndpoint && greenEndpoint) {
    renameCustomEndpoint(rds, blueEndpoint, oldBlue);
    renameCustomEndpoint(rds, greenEndpoint, production);
  }
}

function nameOf(world: World, kind: DeploymentMember['kind'], id: string | undefined): string | undefined {
  if (kind === 'db') return instanceById(world, id)?.DBInstanceIdentifier;
  if (kind === 'cluster') return clusterById(world, id)?.DBClusterIdentifier;
  return customEndpointById(world, id)?.DBClusterEndpointIdentifier;
}

function isTaken(world: World, kind: DeploymentMember['kind'], name: string): boolean {
  if (kind === 'db') return instanceNamed(world, name) !== undefined;
  if (kind === 'cluster') return clusterNamed(world, name) !== undefined;
  return world.customEndpoints.some((endpoint) => endpoint.DBClusterEndpointIdentifier === name);
}
