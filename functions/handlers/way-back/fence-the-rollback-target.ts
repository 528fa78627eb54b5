import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Closes old blue, or its clone, inside its databases and proves it: what RDS leaves there is a default that a session may override. */
export const handler = task(
  'Fence the rollback target',
  async (event: WayBackEvent): Promise<{ fenced: string[] }> => {
    const target = await readPlace(event, 'target');
    await insist('fence', { ...questionOf(event), ...target, side: 'target' });
    return { fenced: event.wayBack.databases };
  },
);
