import { insist, readMarkedPlaces } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Lets the target, which stays closed for applications, receive what new production has taken in since the cut. */
export const handler = task(
  'Attach the rollback target',
  async (event: WayBackEvent): Promise<{ attached: string[] }> =>
    insist('attach', { ...questionOf(event), ...(await readMarkedPlaces(event)) }),
);
