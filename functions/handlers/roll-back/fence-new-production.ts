import { insist, readMarkedPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Closes new production for writing, once the target has answered, and notes where its log stood then. From here nobody writes anywhere. */
export const handler = task(
  'Fence new production',
  async (event: WayBackEvent): Promise<{ positions: Record<string, string> }> => {
    const { production, target } = await readMarkedPlaces(event);
    // Nobody is kept from writing for a target that does not answer; and its session is there when it is needed.
    await insist('foreign-writers', { ...questionOf(event), ...target });
    return insist('fence', { ...questionOf(event), ...production });
  },
);
