import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database, Deployment, Side } from '../../domain/model/deployment.ts';
import { readClusterByResourceId, readInstancesByResourceId, readInstancesOfCluster } from './read.ts';

/** One database that is deleted by itself: an instance, or the cluster that holds the data of its instances. */
export interface DatabaseToDelete {
  kind: Database['kind'];
  id: string;
  arn: string;
  resourceId: string;
  status: string;
  deletionProtection: boolean;
}

/**
 * What is left of a side, by resource id, in the order in which it is deleted: instances before their cluster, replicas before
 * their primary. Instances that joined the cluster later are among them.
 */
export async function readDatabasesToDelete(
  { kind }: Pick<Database, 'kind'>,
  side: Side,
): Promise<DatabaseToDelete[]> {
  const known = await readInstancesByResourceId(side.members.map(({ resourceId }) => resourceId));
  if (kind === 'instance') {
    const isPrimary = (one: DBInstance) => one.DbiResourceId === side.resourceId;
    return [...known.filter((one) => !isPrimary(one)), ...known.filter(isPrimary)].map(asInstance);
  }
  const cluster = await readClusterByResourceId(side.resourceId);
  const joined = cluster ? await readInstancesOfCluster(cluster.DBClusterIdentifier ?? '') : [];
  const instances = new Map([...known, ...joined].map((one) => [one.DbiResourceId, one]));
  return [...[...instances.values()].map(asInstance), ...(cluster ? [asCluster(cluster)] : [])];
}

/** What is left of old blue. */
export function readOldBlue({ database, blue }: Deployment): Promise<DatabaseToDelete[]> {
  return readDatabasesToDelete(database, blue);
}

function asInstance(instance: DBInstance): DatabaseToDelete {
  return {
    kind: 'instance',
    id: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn ?? '',
    resourceId: instance.DbiResourceId ?? '',
    status: instance.DBInstanceStatus ?? '',
    deletionProtection: instance.DeletionProtection ?? false,
  };
}

function asCluster(cluster: DBCluster): DatabaseToDelete {
  return {
    kind: 'cluster',
    id: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    status: cluster.Status ?? '',
    deletionProtection: cluster.DeletionProtection ?? false,
  };
}
