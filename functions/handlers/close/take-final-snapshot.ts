import { readOldBlue } from '../../aws/rds/delete-databases.ts';
import { readSnapshot } from '../../aws/rds/read.ts';
import { createSnapshot } from '../../aws/rds/write.ts';
import { finalSnapshotName, judgeSnapshot } from '../../domain/close/final-snapshot.ts';
import { CleanupIncomplete } from '../../domain/model/errors.ts';
import { executionTag } from '../../domain/model/tags.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** What "Wait for snapshot" and "Delete old blue" get. */
export interface Snapshot {
  snapshotId: string;
  arn: string;
}

/** Takes the last snapshot of old blue. Its name comes from the resource id: a second attempt finds the first one's. */
export const handler = task(
  'Take final snapshot',
  async ({ deployment, executionArn }: RunEvent): Promise<Snapshot> => {
    const { kind } = deployment.database;
    const { resourceId } = deployment.blue;
    const snapshotId = finalSnapshotName(resourceId);
    const existing = await readSnapshot(kind, snapshotId);
    const verdict = judgeSnapshot(existing, resourceId);
    if (verdict.kind === 'wrong') throw new CleanupIncomplete(`${verdict.because}; old blue is kept`);
    if (existing) return { snapshotId, arn: existing.arn };
    const oldBlue = (await readOldBlue(deployment)).find((database) => database.resourceId === resourceId);
    if (!oldBlue) throw new CleanupIncomplete(`old blue (${resourceId}) is gone, without a final snapshot`);
    const arn = await createSnapshot(kind, oldBlue.id, snapshotId, { [executionTag]: executionArn });
    return { snapshotId, arn };
  },
);
