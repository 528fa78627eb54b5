import type { FailoverDBClusterCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { clusterSource, findCluster, presentCluster, touchCluster } from '../world/clusters.ts';
import { readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import { nameFrom } from '../world/naming.ts';
import { openEndpoint } from '../world/network.ts';
import { invalidClusterState, invalidValue } from '../world/refusals.ts';
import { type Cluster, instanceNamed, type Member } from '../world/world.ts';
import { checkClusterChangeable } from './members-guard.ts';

/** FailoverDBCluster: a reader becomes the writer, the one that is named or the first in the order of the promotion tiers. */
export function failOverCluster(
  rds: ControlPlane,
  input: FailoverDBClusterCommandInput,
  touch: (touched: Touched) => void,
) {
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  checkClusterChangeable(rds.world, cluster);
  const next = chooseWriter(rds, cluster, input.TargetDBInstanceIdentifier);
  touch(touchCluster(rds, cluster));
  cluster.Status = 'failing-over';
  rds.background.run(() => failOver(rds, cluster, next));
  return { DBCluster: presentCluster(rds.world, cluster) };
}

function chooseWriter(rds: ControlPlane, cluster: Cluster, wanted: string | undefined): Member {
  const readers = cluster.DBClusterMembers.filter(
    ({ IsClusterWriter, DBInstanceIdentifier: name }) =>
      !IsClusterWriter && instanceNamed(rds.world, name)?.DBInstanceStatus === 'available',
  );
  const named = wanted === undefined ? undefined : nameFrom(wanted, 'db');
  if (named !== undefined && !readers.some(({ DBInstanceIdentifier: name }) => name === named))
    throw invalidValue(`${named} is no available reader of ${cluster.DBClusterIdentifier}`);
  const next = readers
    .toSorted((one, other) => one.PromotionTier - other.PromotionTier)
    .find(({ DBInstanceIdentifier: name }) => named === undefined || name === named);
  if (!next)
    throw invalidClusterState(`DB cluster ${cluster.DBClusterIdentifier} has no reader to fail over to.`);
  return next;
}

/** Events RDS-EVENT-0073 and 0071 tell of it. Every instance of a cluster leads to one server here, so that one is what ends. */
async function failOver(rds: ControlPlane, cluster: Cluster, next: Member): Promise<void> {
  const { DBClusterIdentifier: name, DbClusterResourceId: database } = cluster;
  const names = [writerEndpoint(name), readerEndpoint(name)];
  const source = clusterSource(cluster);
  const writer = next.DBInstanceIdentifier;
  rds.events.emit(source, 'failover', '0073', `Started cross AZ failover to DB instance: ${writer}`);
  for (const endpoint of names) await rds.dataPlane.pointEndpoint(endpoint, undefined);
  await rds.dataPlane.failOver(database);
  await rds.background.sleep(rds.timings.failOverCluster);
  for (const member of cluster.DBClusterMembers) member.IsClusterWriter = member === next;
  for (const endpoint of names) await openEndpoint(rds, cluster, endpoint, database);
  cluster.Status = 'available';
  rds.events.emit(source, 'failover', '0071', `Completed failover to DB instance: ${writer}`);
}
