import type {
  CreateDBClusterSnapshotCommandInput,
  CreateDBSnapshotCommandInput,
  DBClusterSnapshot,
  DBSnapshot,
  Tag,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { checkQuota } from '../world/account.ts';
import { findCluster, touchCluster } from '../world/clusters.ts';
import { copyOf } from '../world/copy.ts';
import { findInstance, isAvailable, touchInstance } from '../world/instances.ts';
import { checkIdentifier } from '../world/naming.ts';
import { invalidClusterState, invalidInstanceState, invalidValue } from '../world/refusals.ts';
import { type Cluster, type Instance, isAurora } from '../world/world.ts';
import { checkTags } from './tags.ts';

/** CreateDBSnapshot: `creating`, then `available`; the instance says `backing-up` meanwhile. */
export function createSnapshot(
  rds: ControlPlane,
  input: CreateDBSnapshotCommandInput,
  touch: (touched: Touched) => void,
) {
  const instance = findInstance(rds.world, input.DBInstanceIdentifier);
  if (isAurora(instance.Engine))
    throw invalidValue('The instance is a member of a cluster: use CreateDBClusterSnapshot');
  if (!isAvailable(instance))
    throw invalidInstanceState(
      `Cannot create a snapshot because the database instance ${instance.DBInstanceIdentifier} is not currently in the available state.`,
    );
  const tags = checkTags(input.Tags);
  const snapshot = addInstanceSnapshot(rds, instance, input.DBSnapshotIdentifier ?? '', tags);
  touch(touchInstance(rds, instance));
  touch(rds.touched(snapshot.DBSnapshotIdentifier, snapshot.DBSnapshotArn ?? ''));
  instance.DBInstanceStatus = 'backing-up';
  rds.background.run(async () => {
    await completeInstanceSnapshot(rds, instance, snapshot);
    instance.DBInstanceStatus = 'available';
  });
  return { DBSnapshot: copyOf(snapshot) };
}

export function createClusterSnapshot(
  rds: ControlPlane,
  input: CreateDBClusterSnapshotCommandInput,
  touch: (touched: Touched) => void,
) {
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  if (cluster.Status !== 'available')
    throw invalidClusterState(`DB cluster ${cluster.DBClusterIdentifier} is not in available state.`);
  const tags = checkTags(input.Tags);
  const snapshot = addClusterSnapshot(rds, cluster, input.DBClusterSnapshotIdentifier ?? '', tags);
  touch(touchCluster(rds, cluster));
  touch(rds.touched(snapshot.DBClusterSnapshotIdentifier, snapshot.DBClusterSnapshotArn ?? ''));
  rds.background.run(() => completeClusterSnapshot(rds, cluster, snapshot));
  return { DBClusterSnapshot: copyOf(snapshot) };
}

/** Adds the record of a snapshot that is being taken; refuses a taken name and a full account. */
export function addInstanceSnapshot(rds: ControlPlane, instance: Instance, wanted: string, tags: Tag[] = []) {
  checkIdentifier('DBSnapshotIdentifier', wanted, 255);
  const name = wanted.toLowerCase();
  if (rds.world.snapshots.some((snapshot) => snapshot.DBSnapshotIdentifier === name))
    throw new AwsError(
      'DBSnapshotAlreadyExistsFault',
      `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
    );
  checkQuota(rds.world, 'ManualSnapshots', 1);
  const snapshot = {
    DBSnapshotIdentifier: name,
    DBSnapshotArn: rds.names.arn('snapshot', name),
    DBInstanceIdentifier: instance.DBInstanceIdentifier,
    DbiResourceId: instance.DbiResourceId,
    Engine: instance.Engine,
    EngineVersion: instance.EngineVersion,
    AllocatedStorage: instance.AllocatedStorage,
    InstanceCreateTime: instance.InstanceCreateTime,
    ...begun(rds, instance),
    Encrypted: instance.StorageEncrypted,
    TagList: withCopied(instance, tags),
  };
  rds.world.snapshots.push(snapshot);
  return snapshot as DBSnapshot & typeof snapshot;
}

export function addClusterSnapshot(rds: ControlPlane, cluster: Cluster, wanted: string, tags: Tag[] = []) {
  checkIdentifier('DBClusterSnapshotIdentifier', wanted, 255);
  const name = wanted.toLowerCase();
  if (rds.world.clusterSnapshots.some((snapshot) => snapshot.DBClusterSnapshotIdentifier === name))
    throw new AwsError(
      'DBClusterSnapshotAlreadyExistsFault',
      `Cannot create the cluster snapshot because one with the identifier ${name} already exists.`,
    );
  checkQuota(rds.world, 'ManualClusterSnapshots', 1);
  const snapshot = {
    DBClusterSnapshotIdentifier: name,
    DBClusterSnapshotArn: rds.names.arn('cluster-snapshot', name),
    DBClusterIdentifier: cluster.DBClusterIdentifier,
    DbClusterResourceId: cluster.DbClusterResourceId,
    Engine: cluster.Engine,
    EngineVersion: cluster.EngineVersion,
    ClusterCreateTime: cluster.ClusterCreateTime,
    ...begun(rds, cluster),
    StorageEncrypted: cluster.StorageEncrypted,
    TagList: withCopied(cluster, tags),
  };
  rds.world.clusterSnapshots.push(snapshot);
  return snapshot as DBClusterSnapshot & typeof snapshot;
}

const begun = (rds: ControlPlane, owner: Instance | Cluster) => ({
  Status: 'creating',
  PercentProgress: 0,
  SnapshotType: 'manual',
  SnapshotCreateTime: new Date(rds.clock.now()),
  MasterUsername: owner.MasterUsername,
  KmsKeyId: owner.KmsKeyId,
});

const withCopied = (owner: Instance | Cluster, tags: Tag[]): Tag[] =>
  copyOf([...(owner.CopyTagsToSnapshot ? owner.TagList : []), ...tags]);

export async function completeInstanceSnapshot(
  rds: ControlPlane,
  instance: Instance,
  snapshot: DBSnapshot & { DBSnapshotIdentifier: string },
): Promise<void> {
  const name = snapshot.DBSnapshotIdentifier;
  await complete(rds, instance.database, name, snapshot);
  const source = {
    type: 'db-snapshot' as const,
    identifier: name,
    arn: snapshot.DBSnapshotArn ?? '',
    tags: [],
  };
  rds.events.emit(source, 'creation', '0042', 'Manual snapshot created');
}

export async function completeClusterSnapshot(
  rds: ControlPlane,
  cluster: Cluster,
  snapshot: DBClusterSnapshot & { DBClusterSnapshotIdentifier: string },
): Promise<void> {
  const name = snapshot.DBClusterSnapshotIdentifier;
  await complete(rds, cluster.DbClusterResourceId, name, snapshot);
  const arn = snapshot.DBClusterSnapshotArn ?? '';
  const source = { type: 'db-cluster-snapshot' as const, identifier: name, arn, tags: [] };
  rds.events.emit(source, 'backup', '0075', 'Manual cluster snapshot created');
}

async function complete(
  rds: ControlPlane,
  database: string,
  name: string,
  snapshot: { Status?: string | undefined; PercentProgress?: number | undefined },
): Promise<void> {
  await Promise.all([rds.dataPlane.takeSnapshot(database, name), rds.background.sleep(rds.timings.snapshot)]);
  snapshot.Status = 'available';
  snapshot.PercentProgress = 100;
}
