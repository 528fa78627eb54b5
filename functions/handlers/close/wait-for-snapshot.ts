import { readSnapshot } from '../../aws/rds/read.ts';
import { judgeSnapshot } from '../../domain/close/final-snapshot.ts';
import { CleanupIncomplete } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';
import type { Snapshot } from './take-final-snapshot.ts';

interface Event extends WaitingRunEvent {
  snapshot: Snapshot;
}

/** Ready when every final snapshot is available and of its database. */
export const handler = wait(
  'Wait for snapshot',
  async ({ deployment: { database, blue }, snapshot }: Event): Promise<Look<null>> => {
    for (const { snapshotId, resourceId } of [
      { snapshotId: snapshot.snapshotId, resourceId: blue.resourceId },
      ...snapshot.others,
    ]) {
      const verdict = judgeSnapshot(await readSnapshot(database.kind, snapshotId), resourceId);
      if (verdict.kind === 'wrong') throw new CleanupIncomplete(`${verdict.because}; old blue is kept`);
      if (verdict.kind === 'unfinished') return notYet(verdict.because, lookAtRds('the snapshot'));
    }
    return { kind: 'ready', facts: null };
  },
);
