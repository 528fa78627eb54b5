import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { DatabaseNow } from '../../domain/close/changed-hands.ts';
import type { Mark, ToMark } from '../../domain/close/mark.ts';
import type { Database, Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet, tagsStay } from '../../domain/model/not-yet.ts';
import { removableTag, sweepableTag } from '../../domain/model/tags.ts';
import { askForMarks } from '../facts/marks.ts';
import { goneIsBusy } from '../readings.ts';
import {
  readClusterByResourceId,
  readInstancesByResourceId,
  readInstancesOfCluster,
  readTags,
} from './read.ts';
import { replicaOf, replicasOf } from './side.ts';
import {
  deleteCluster,
  deleteDeploymentAndGreen,
  deleteInstance,
  turnOffDeletionProtection,
} from './write.ts';

/** One database that is deleted by itself: an instance, or the cluster that holds the data of its instances. */
export interface DatabaseToDelete extends DatabaseNow {
  kind: Database['kind'];
  arn: string;
  status: string;
  /** It has data of its own: it is neither an instance on the storage of its cluster nor a replica that RDS says to be replicating. */
  hasOwnData: boolean;
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
    replicaOf: replicaOf(instance),
    replicas: replicasOf(instance),
    hasOwnData: instance.DBClusterIdentifier === undefined && !isPlainReplica(instance),
  };
}

/** A replica of which RDS says nothing may have stopped long ago. */
function isPlainReplica(instance: DBInstance): boolean {
  const states = instance.StatusInfos ?? [];
  return replicaOf(instance) !== null && states.length > 0 && states.every(({ Normal }) => Normal === true);
}

function asCluster(cluster: DBCluster): DatabaseToDelete {
  return {
    kind: 'cluster',
    id: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    status: cluster.Status ?? '',
    deletionProtection: cluster.DeletionProtection ?? false,
    replicaOf: cluster.ReplicationSourceIdentifier || null,
    replicas: cluster.ReadReplicaIdentifiers ?? [],
    hasOwnData: true,
  };
}

/**
 * Deletes databases in their order, after the calling handler has proved that they may be deleted and that nobody has made them theirs: a
 * protection that stands then is the one that the run knew from the beginning. A deletion under way is left alone, so that it may run again.
 */
export async function deleteDatabases(
  toDelete: DatabaseToDelete[],
  executionArn: string,
  { deleteAutomatedBackups }: { deleteAutomatedBackups: boolean },
): Promise<void> {
  const left = toDelete.filter(({ status }) => status !== 'deleting');
  await goneIsBusy(async () => {
    await markSweepable(left, executionArn);
    await unprotect(left);
    // The backups of a cluster are the cluster's, so an instance on its storage has none to keep.
    for (const { kind, id, hasOwnData, replicaOf: source } of left)
      await (kind === 'cluster'
        ? deleteCluster(id, deleteAutomatedBackups)
        : deleteInstance(id, hasOwnData || source !== null ? { deleteAutomatedBackups } : {}));
  });
}

/**
 * Deletes a deployment and green with it, after whoever calls has proved that blue serves. Busy after each step that has to be seen by RDS
 * or IAM first: the next attempt goes on.
 */
export async function removeGreen(
  deploymentId: string,
  green: DatabaseToDelete[],
  executionArn: string,
): Promise<void> {
  await goneIsBusy(async () => {
    await markRemovable(green, executionArn);
    const unprotected = await unprotect(green);
    // Green inherits the protection of blue. The change takes a moment, and RDS refuses the deletion until then.
    if (unprotected.length > 0)
      throw new Busy(
        notYet(
          `deletion protection of ${unprotected.join(', ')} is being turned off`,
          'look whether something turns it on again',
        ),
      );
    await deleteDeploymentAndGreen(deploymentId);
  });
}

/** The permission to delete asks for this tag, which no function that deletes can put on: nothing unverified can be deleted. */
async function markSweepable(databases: DatabaseToDelete[], executionArn: string): Promise<void> {
  const unmarked = await findUnmarked(databases, sweepableTag, executionArn);
  if (unmarked.length === 0) return;
  await askForMarks(asMarked(unmarked, 'sweepable'), executionArn);
  const [still] = await findUnmarked(unmarked, sweepableTag, executionArn);
  if (still) throw new Busy(notYet(`${still.id} does not show the tag ${sweepableTag} yet`, tagsStay));
}

/**
 * The permission to delete asks for this tag, and the cut wipes it: a deletion that comes too late is refused by IAM. It is
 * used by the next attempt, so that it is seen by then.
 */
async function markRemovable(databases: DatabaseToDelete[], executionArn: string): Promise<void> {
  const unmarked = await findUnmarked(databases, removableTag, executionArn);
  if (unmarked.length === 0) return;
  await askForMarks(asMarked(unmarked, 'green'), executionArn);
  throw new Busy(
    notYet(`${unmarked.map(({ id }) => id).join(', ')} was marked as removable just now`, tagsStay),
  );
}

async function findUnmarked(databases: DatabaseToDelete[], tag: string, executionArn: string) {
  const tags = await Promise.all(databases.map(({ arn }) => readTags(arn)));
  return databases.filter((_, index) => tags[index]?.[tag] !== executionArn);
}

const asMarked = (databases: DatabaseToDelete[], mark: Mark): ToMark[] =>
  databases.map(({ arn, resourceId }) => ({ arn, resourceId, mark }));

/** @returns ids of the databases whose protection it turned off */
async function unprotect(databases: DatabaseToDelete[]): Promise<string[]> {
  const protectedOnes = databases.filter(({ deletionProtection }) => deletionProtection);
  for (const { kind, id } of protectedOnes) await turnOffDeletionProtection(kind, id);
  return protectedOnes.map(({ id }) => id);
}
