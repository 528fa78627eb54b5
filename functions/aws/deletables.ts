import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database, Deployment } from '../domain/deployment.ts';
import { asTags } from './rds-read.ts';
import { type RawSide, readSideAgain } from './read-side.ts';

/** One database that is deleted by itself: an instance, or the cluster that holds the data of its instances. */
export interface Deletable {
  kind: Database['kind'];
  id: string;
  arn: string;
  resourceId: string;
  status: string;
  deletionProtection: boolean;
  tags: Record<string, string>;
}

/** Old blue, by resource id, in the order in which it is deleted: replicas or instances first, primary or cluster last. */
export async function readOldBlue({ database, blue }: Deployment): Promise<Deletable[]> {
  const side = await readSideAgain(database.kind, blue);
  return side ? deletablesOf(side) : [];
}

/** The databases of a side, the one that the others depend on last. */
export function deletablesOf({ cluster, instances }: RawSide): Deletable[] {
  const [first, ...others] = instances;
  if (cluster) return [...instances.map(asDeletable), asDeletableCluster(cluster)];
  return [...others, ...(first ? [first] : [])].map(asDeletable);
}

function asDeletable(instance: DBInstance): Deletable {
  return {
    kind: 'instance',
    id: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn ?? '',
    resourceId: instance.DbiResourceId ?? '',
    status: instance.DBInstanceStatus ?? '',
    deletionProtection: instance.DeletionProtection ?? false,
    tags: asTags(instance.TagList),
  };
}

function asDeletableCluster(cluster: DBCluster): Deletable {
  return {
    kind: 'cluster',
    id: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    status: cluster.Status ?? '',
    deletionProtection: cluster.DeletionProtection ?? false,
    tags: asTags(cluster.TagList),
  };
}
