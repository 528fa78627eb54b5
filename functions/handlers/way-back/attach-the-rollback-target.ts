import { insist, readMarkedPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { task } from '../../tasks/task.ts';

/** Lets the target, which stays closed for applications, receive what new production has taken in since the cut. */
export const handler = task(
  'Attach the rollback target',
  async (event: WayBackEvent): Promise<{ attached: string[] }> =>
    insist('attach', {
      ...questionOf(event),
      ...(await readMarkedPlaces(event)),
      secured: event.wayBack.secured ?? [],
    }),
);
