import { Busy } from '../../domain/model/errors.ts';
import { sweepableTag } from '../../domain/model/tags.ts';
import { goneIsBusy } from '../readings/gone-is-busy.ts';
import type { DatabaseToDelete } from './databases-to-delete.ts';
import { readTags } from './read.ts';
import { addTags, deleteCluster, deleteInstance, turnOffDeletionProtection } from './write.ts';

/**
 * Deletes databases in their order, after the calling handler has proved that they may be deleted. A deletion under way is left alone, so that it
 * may run again.
 */
export async function deleteDatabases(toDelete: DatabaseToDelete[], executionArn: string): Promise<void> {
  const left = toDelete.filter(({ status }) => status !== 'deleting');
  await goneIsBusy(() => deleteAll(left, executionArn));
}

async function deleteAll(left: DatabaseToDelete[], executionArn: string): Promise<void> {
  for (const database of left) await markSweepable(database, executionArn);
  for (const database of left) await unprotect(database);
  for (const { kind, id } of left) await (kind === 'cluster' ? deleteCluster(id) : deleteInstance(id));
}

/** The permission to delete asks for this tag, and nothing else of ours sets it: nothing unverified can be deleted. */
async function markSweepable({ arn, id }: DatabaseToDelete, executionArn: string): Promise<void> {
  if ((await readTags(arn))[sweepableTag] === executionArn) return;
  await addTags(arn, { [sweepableTag]: executionArn });
  if ((await readTags(arn))[sweepableTag] !== executionArn)
    throw new Busy(`${id} does not show the tag ${sweepableTag} yet`);
}

async function unprotect({ kind, id, deletionProtection }: DatabaseToDelete): Promise<void> {
  if (!deletionProtection) return;
  await turnOffDeletionProtection(kind, id);
}
