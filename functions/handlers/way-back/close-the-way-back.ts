import { findGoingBack } from '../../aws/facts/roll-backs.ts';
import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { task } from '../../tasks/task.ts';

/**
 * Removes everything of the way back: new production first, whose disk a slot could fill, whatever the target says. Not while
 * another execution is going back by it.
 */
export const handler = task('Close the way back', async (event: WayBackEvent): Promise<{ closed: true }> => {
  const { deployment, run, executionArn } = event;
  const goingBack = await findGoingBack(deployment, run ?? executionArn);
  if (goingBack && goingBack !== executionArn)
    throw new Busy(
      notYet(`${goingBack} goes back, or has gone back, by it`, 'wait for the end of that execution'),
    );
  const target = await closeAtTarget(event).catch((error: Error) => error);
  await closeAt(event, 'green');
  if (target instanceof Error) throw target;
  return { closed: true };
});

/** A clone that was never fenced has nothing of ours inside, and old blue beside it has nothing either. A fence stays: it keeps stray clients out. */
async function closeAtTarget(event: WayBackEvent): Promise<void> {
  if (event.wayBack.target === 'clone' && !event.wayBack.fenced) return;
  await closeAt(event, 'target');
}

async function closeAt(event: WayBackEvent, side: 'target' | 'green'): Promise<void> {
  const { left } = await insist('close', {
    ...questionOf(event),
    ...(await readPlace(event, side)),
    applicationRoles: [],
  });
  const { publications, subscriptions, slots } = left;
  const rest = [
    ...publications.map((database) => `the publication in ${database}`),
    ...subscriptions.map((database) => `the subscription in ${database}`),
    ...slots.map(({ name }) => `slot ${name}`),
  ];
  if (rest.length > 0) throw new CleanupIncomplete(`left on ${side}: ${rest.join(', ')}`);
}
