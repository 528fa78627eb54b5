import type { DeleteDBClusterCommandInput, DeleteDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { findCluster, presentCluster, touchCluster } from '../world/clusters.ts';
import { readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import { findInstance, presentInstance, touchInstance } from '../world/instances.ts';
import { invalidClusterState, invalidCombination, invalidInstanceState } from '../world/refusals.ts';
import { type Cluster, type Instance, instancesOf, isAurora } from '../world/world.ts';
import { isSwitching } from './members-guard.ts';
import { closeEndpoints, forgetCluster, forgetInstance } from './removal.ts';
import {
  addClusterSnapshot,
  addInstanceSnapshot,
  completeClusterSnapshot,
  completeInstanceSnapshot,
} from './snapshots.ts';

const protectedBecause = (what: string) =>
  invalidCombination(`Cannot delete protected ${what}, please disable deletion protection and try again.`);

/** States out of which a database can be deleted, besides `available`: those that it does not leave by itself. */
const isDeletable = (status: string): boolean =>
  ['available', 'failed', 'stopped', 'storage-full'].includes(status) || status.startsWith('incompatible-');

/** DeleteDBInstance. Without SkipFinalSnapshot a final snapshot is taken first; Aurora members and replicas have none. */
export function deleteInstance(
  rds: ControlPlane,
  input: DeleteDBInstanceCommandInput,
  touch: (touched: Touched) => void,
) {
  const instance = findInstance(rds.world, input.DBInstanceIdentifier);
  const { DBInstanceIdentifier: name, DBInstanceStatus: status, DbiResourceId } = instance;
  if (status === 'deleting') throw invalidInstanceState(`Instance ${name} is already being deleted.`);
  if (!isDeletable(status)) throw invalidInstanceState(`Instance ${name} is not in available state.`);
  if (isSwitching(rds.world, DbiResourceId))
    throw invalidInstanceState(`Instance ${name} is part of a switchover in progress.`);
  checkInstanceSnapshot(instance, input);
  if (instance.DeletionProtection) throw protectedBecause('DB Instance');
  const final = input.FinalDBSnapshotIdentifier;
  const snapshot = final === undefined ? undefined : addInstanceSnapshot(rds, instance, final);
  touch(touchInstance(rds, instance));
  instance.DBInstanceStatus = 'deleting';
  rds.background.run(async () => {
    await closeEndpoints(rds, [instance], undefined);
    if (snapshot) await completeInstanceSnapshot(rds, instance, snapshot);
    await rds.background.sleep(rds.timings.deleteDatabase);
    await removeInstance(rds, instance);
  });
  return presentInstance(rds, rds.world, instance).then((DBInstance) => ({ DBInstance }));
}

function checkInstanceSnapshot(instance: Instance, input: DeleteDBInstanceCommandInput): void {
  const { SkipFinalSnapshot: skip, FinalDBSnapshotIdentifier: final } = input;
  if (isAurora(instance.Engine)) {
    if (final !== undefined)
      throw invalidCombination('FinalDBSnapshotIdentifier can not be specified for an instance of a cluster');
    return;
  }
  checkSnapshotFields(skip, final);
  if (instance.ReadReplicaSourceDBInstanceIdentifier && !skip)
    throw invalidCombination('A read replica is deleted with SkipFinalSnapshot, without a final snapshot');
}

function checkSnapshotFields(skip: boolean | undefined, final: string | undefined): void {
  if (skip && final !== undefined)
    throw invalidCombination(
      'FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot',
    );
  if (!skip && final === undefined)
    throw invalidCombination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
}

async function removeInstance(rds: ControlPlane, instance: Instance): Promise<void> {
  const cluster = rds.world.clusters.find((known) => known.DbClusterResourceId === instance.database);
  forgetInstance(rds, instance);
  if (cluster) return handOver(rds, cluster);
  const isShared = rds.world.instances.some(({ database }) => database === instance.database);
  if (!isShared) await rds.dataPlane.removeDatabase(instance.database);
}

/** Another member becomes the writer; a cluster without members cannot be reached. */
async function handOver(rds: ControlPlane, cluster: Cluster): Promise<void> {
  const [first] = cluster.DBClusterMembers;
  if (!first) {
    for (const endpoint of [writerEndpoint, readerEndpoint])
      await rds.dataPlane.pointEndpoint(endpoint(cluster.DBClusterIdentifier), undefined);
    return;
  }
  if (!cluster.DBClusterMembers.some((member) => member.IsClusterWriter)) first.IsClusterWriter = true;
}

/** DeleteDBCluster: only when every member is deleted or being deleted. */
export function deleteCluster(
  rds: ControlPlane,
  input: DeleteDBClusterCommandInput,
  touch: (touched: Touched) => void,
) {
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  const { DBClusterIdentifier: name, Status: status } = cluster;
  if (!isDeletable(status)) throw invalidClusterState(`DB cluster ${name} is in status ${status}.`);
  const members = instancesOf(rds.world, cluster);
  if (members.some(({ DBInstanceStatus }) => DBInstanceStatus !== 'deleting'))
    throw invalidClusterState(
      'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
    );
  const { SkipFinalSnapshot: skip, FinalDBSnapshotIdentifier: final } = input;
  checkSnapshotFields(skip, final);
  if (cluster.DeletionProtection) throw protectedBecause('Cluster');
  const snapshot = final === undefined ? undefined : addClusterSnapshot(rds, cluster, final);
  touch(touchCluster(rds, cluster));
  cluster.Status = 'deleting';
  rds.background.run(async () => {
    await closeEndpoints(rds, [], cluster);
    if (snapshot) await completeClusterSnapshot(rds, cluster, snapshot);
    await rds.background.sleep(rds.timings.deleteDatabase);
    forgetCluster(rds, cluster);
    await rds.dataPlane.removeDatabase(cluster.DbClusterResourceId);
  });
  return { DBCluster: presentCluster(rds.world, cluster) };
}
