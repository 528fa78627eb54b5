import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Closes the clone for writing inside its databases and proves it: RDS does not say whether a clone is as closed as its source. */
export const handler = task(
  'Fence the rollback target',
  async (event: WayBackEvent): Promise<{ fenced: string[] }> => {
    await insist('fence', { ...questionOf(event), ...(await readPlace(event.deployment, 'target')) });
    return { fenced: event.wayBack.databases };
  },
);
