import { insist, readMarkedPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Ends the stream into the target, which has everything. The slots on new production stay until the way back is closed. */
export const handler = task(
  'Detach the rollback target',
  async (event: WayBackEvent): Promise<{ detached: string[] }> => {
    const { target } = await readMarkedPlaces(event);
    return insist('detach', { ...questionOf(event), ...target });
  },
);
