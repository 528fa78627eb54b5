import { readSnapshot } from '../../aws/rds/read.ts';
import { judgeSnapshot } from '../../domain/close/final-snapshot.ts';
import { CleanupIncomplete } from '../../domain/model/errors.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';
import type { Snapshot } from './take-final-snapshot.ts';

interface Event extends WaitingRunEvent {
  snapshot: Snapshot;
}

/** Ready when the final snapshot is available and of old blue. */
export const handler = wait(
  'Wait for snapshot',
  async ({ deployment, snapshot }: Event): Promise<Look<null>> => {
    const seen = await readSnapshot(deployment.database.kind, snapshot.snapshotId);
    const verdict = judgeSnapshot(seen, deployment.blue.resourceId);
    if (verdict.kind === 'wrong') throw new CleanupIncomplete(`${verdict.because}; old blue is kept`);
    return verdict.kind === 'usable'
      ? { kind: 'ready', facts: null }
      : { kind: 'not-yet', because: verdict.because };
  },
);
