import { requireMark } from '../aws/going-back-mark.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Lifts the fence again, after the proof that the target is closed. Only before the endpoint was touched. */
export const handler = task(
  'Stay on new production',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => {
    await requireMark(event);
    const [open, closed] = await Promise.all([
      readPlace(event.deployment, 'green'),
      readPlace(event.deployment, 'target'),
    ]);
    return insist('open', { ...questionOf(event), open, closed });
  },
);
