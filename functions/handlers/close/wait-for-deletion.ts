import { readOldBlue } from '../../aws/rds/delete-databases.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Ready when no database of old blue is left, by resource id. */
export const handler = wait(
  'Wait for deletion',
  async ({ deployment }: WaitingRunEvent): Promise<Look<null>> => {
    const left = await readOldBlue(deployment);
    return left.length === 0
      ? { kind: 'ready', facts: null }
      : notYet(
          `still there: ${left.map(({ id, status }) => `${id} (${status})`).join(', ')}`,
          'look in the console of RDS what keeps them, and delete them there',
        );
  },
);
