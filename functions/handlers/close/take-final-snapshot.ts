import { refuseIfInUse } from '../../aws/facts/old-blue.ts';
import { type DatabaseToDelete, readOldBlue } from '../../aws/rds/delete-databases.ts';
import { readSnapshot } from '../../aws/rds/read.ts';
import { createSnapshot } from '../../aws/rds/write.ts';
import { finalSnapshotName, judgeSnapshot } from '../../domain/close/final-snapshot.ts';
import { CleanupIncomplete } from '../../domain/model/errors.ts';
import { executionTag } from '../../domain/model/tags.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface Event extends RunEvent {
  /** ISO time from which on old blue was left alone. */
  since: string;
}

/** What "Wait for snapshot" and "Delete old blue" get. */
export interface Snapshot {
  snapshotId: string;
  arn: string;
  /** Final snapshots of replicas that have data of their own, by resource id. */
  others: { resourceId: string; snapshotId: string }[];
  /** ISO time from which on nobody may have been connected to old blue. */
  quietSince: string;
}

/**
 * Takes the last snapshot of old blue, and one of each of its replicas that is not a plain replica any more, once it is proved that
 * nobody has made old blue theirs. Names come from resource ids: a second attempt finds the snapshots of the first.
 */
export const handler = task('Take final snapshot', async (event: Event): Promise<Snapshot> => {
  const { deployment, since } = event;
  const { resourceId } = deployment.blue;
  const oldBlue = await readOldBlue(deployment);
  const main = oldBlue.find((database) => database.resourceId === resourceId);
  if (main) await refuseIfInUse(deployment, oldBlue, Date.parse(since), clock.now());
  const replicas = oldBlue.filter((database) => database.hasOwnData && database !== main);
  const { snapshotId, arn } = await takeSnapshot(event, resourceId, main);
  const others: Snapshot['others'] = [];
  for (const replica of replicas) {
    const taken = await takeSnapshot(event, replica.resourceId, replica);
    others.push({ resourceId: replica.resourceId, snapshotId: taken.snapshotId });
  }
  return { snapshotId, arn, others, quietSince: since };
});

async function takeSnapshot(
  { deployment: { database }, executionArn }: Event,
  resourceId: string,
  now: DatabaseToDelete | undefined,
): Promise<{ snapshotId: string; arn: string }> {
  const snapshotId = finalSnapshotName(resourceId);
  const existing = await readSnapshot(database.kind, snapshotId);
  const verdict = judgeSnapshot(existing, resourceId);
  if (verdict.kind === 'wrong') throw new CleanupIncomplete(`${verdict.because}; old blue is kept`);
  if (existing) return { snapshotId, arn: existing.arn };
  if (!now) throw new CleanupIncomplete(`old blue (${resourceId}) is gone, without a final snapshot`);
  const tags = { [executionTag]: executionArn };
  return { snapshotId, arn: await createSnapshot(database.kind, now.id, snapshotId, tags) };
}
