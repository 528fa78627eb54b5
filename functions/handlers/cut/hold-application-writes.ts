import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Closes the role gate on green, before the cut: the application comes to new production without being able to write. */
export const handler = task(
  'Hold application writes',
  async (event: WayBackEvent): Promise<{ held: string[] }> => {
    const { held } = await insist('hold-writes', {
      ...questionOf(event),
      ...(await readPlace(event, 'green')),
      applicationRoles: event.request.wayBack.applicationRoles,
    });
    return { held };
  },
);
