import { requireMark } from '../aws/going-back-mark.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Closes new production for writing and notes where its log stood then. From here nobody writes anywhere. */
export const handler = task(
  'Fence new production',
  async (event: WayBackEvent): Promise<{ positions: Record<string, string> }> => {
    await requireMark(event);
    return insist('fence', { ...questionOf(event), ...(await readPlace(event.deployment, 'green')) });
  },
);
