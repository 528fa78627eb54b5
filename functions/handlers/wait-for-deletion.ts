import { readOldBlue } from '../aws/deletables.ts';
import { readInstancesByResourceId } from '../aws/rds-read.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

/** Ready when no database of old blue is left, by resource id: neither the cluster or primary nor any member. */
export const handler = wait(
  'Wait for deletion',
  async ({ deployment }: WaitingRunEvent): Promise<Look<null>> => {
    const [side, members] = await Promise.all([
      readOldBlue(deployment),
      readInstancesByResourceId(deployment.blue.members.map(({ resourceId }) => resourceId)),
    ]);
    const left = [
      ...side.map(({ id }) => id),
      ...members.map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier),
    ];
    return left.length === 0
      ? { kind: 'ready', facts: null }
      : { kind: 'not-yet', because: `still there: ${[...new Set(left)].join(', ')}` };
  },
);
