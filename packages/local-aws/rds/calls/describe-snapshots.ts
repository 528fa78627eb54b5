import type {
  DescribeDBClusterSnapshotsCommandInput,
  DescribeDBSnapshotsCommandInput,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import { copyOf } from '../world/copy.ts';
import { nameFrom } from '../world/naming.ts';
import { applyFilters, page } from '../world/paging.ts';
import type { World } from '../world/world.ts';

/** DescribeDBSnapshots: of one identifier (an unknown one is refused), of an instance, or all. */
export function describeSnapshots(_rds: ControlPlane, world: World, input: DescribeDBSnapshotsCommandInput) {
  const wanted = input.DBSnapshotIdentifier && nameFrom(input.DBSnapshotIdentifier, 'snapshot');
  const instance = input.DBInstanceIdentifier && nameFrom(input.DBInstanceIdentifier, 'db');
  const asked = world.snapshots.filter(
    (snapshot) =>
      (!wanted || snapshot.DBSnapshotIdentifier === wanted) &&
      (!instance || snapshot.DBInstanceIdentifier === instance) &&
      (!input.DbiResourceId || snapshot.DbiResourceId === input.DbiResourceId) &&
      (!input.SnapshotType || snapshot.SnapshotType === input.SnapshotType),
  );
  if (wanted && asked.length === 0)
    throw new AwsError('DBSnapshotNotFoundFault', `DBSnapshot ${wanted} not found.`, 404);
  const filtered = applyFilters(asked, input.Filters, {
    'db-snapshot-id': ({ DBSnapshotIdentifier }) => [DBSnapshotIdentifier],
    'db-instance-id': ({ DBInstanceIdentifier }) => [DBInstanceIdentifier],
    'dbi-resource-id': ({ DbiResourceId }) => [DbiResourceId],
    'snapshot-type': ({ SnapshotType }) => [SnapshotType],
    engine: ({ Engine }) => [Engine],
  });
  const { items, Marker } = page(filtered, ({ DBSnapshotIdentifier }) => DBSnapshotIdentifier, input);
  return { DBSnapshots: copyOf(items), Marker };
}

export function describeClusterSnapshots(
  _rds: ControlPlane,
  world: World,
  input: DescribeDBClusterSnapshotsCommandInput,
) {
  const wanted =
    input.DBClusterSnapshotIdentifier && nameFrom(input.DBClusterSnapshotIdentifier, 'cluster-snapshot');
  const cluster = input.DBClusterIdentifier && nameFrom(input.DBClusterIdentifier, 'cluster');
  const asked = world.clusterSnapshots.filter(
    (snapshot) =>
      (!wanted || snapshot.DBClusterSnapshotIdentifier === wanted) &&
      (!cluster || snapshot.DBClusterIdentifier === cluster) &&
      (!input.DbClusterResourceId || snapshot.DbClusterResourceId === input.DbClusterResourceId) &&
      (!input.SnapshotType || snapshot.SnapshotType === input.SnapshotType),
  );
  if (wanted && asked.length === 0)
    throw new AwsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${wanted} not found.`, 404);
  const filtered = applyFilters(asked, input.Filters, {
    'db-cluster-snapshot-id': (snapshot) => [snapshot.DBClusterSnapshotIdentifier],
    'db-cluster-id': ({ DBClusterIdentifier }) => [DBClusterIdentifier],
    'snapshot-type': ({ SnapshotType }) => [SnapshotType],
    engine: ({ Engine }) => [Engine],
  });
  const { items, Marker } = page(filtered, (snapshot) => snapshot.DBClusterSnapshotIdentifier, input);
  return { DBClusterSnapshots: copyOf(items), Marker };
}
