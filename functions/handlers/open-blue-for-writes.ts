import { requireMark } from '../aws/going-back-mark.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** Opens the target, after the proof that new production is closed: at no instant do both accept writes. */
export const handler = task(
  'Open blue for writes',
  async (event: WayBackEvent): Promise<{ writable: string[] }> => {
    await requireMark(event);
    const [open, closed] = await Promise.all([
      readPlace(event.deployment, 'target'),
      readPlace(event.deployment, 'green'),
    ]);
    return insist('open', { ...questionOf(event), open, closed });
  },
);
