import { findGoingBack } from '../aws/going-back.ts';
import { readAlarms } from '../aws/read-alarms.ts';
import { judgeBake } from '../domain/alarms.ts';
import { TestFailed } from '../domain/errors.ts';
import { clock } from '../runtime/clock.ts';
import { type Look, wait } from '../runtime/wait.ts';
import { type Watched, watchWayBack } from '../runtime/watch-way-back.ts';
import type { WaitingWayBackEvent } from '../runtime/way-back-event.ts';

interface Event extends WaitingWayBackEvent {
  /** ISO time. */
  bakeUntil: string;
}

/** What the bake found: it is over, or the way back wants something of the run. */
type Found = { over: true } | Watched;

/**
 * Watches the alarms of the request until the bake is over, and the way back as long as it is open. An alarm that cannot be read
 * is not a healthy one.
 */
export const handler = wait('Bake', async (event: Event): Promise<Look<Found>> => {
  const { request, bakeUntil, wayBack, deployment } = event;
  const { alarms } = request.bake;
  const goingBack = wayBack.attached ? await findGoingBack(deployment) : undefined;
  if (goingBack) return { kind: 'ready', facts: { goingBack } };
  const verdict = judgeBake(alarms, await readAlarms(alarms), Date.parse(bakeUntil), clock.now());
  if (verdict.kind === 'no') throw new TestFailed(verdict.because);
  if (verdict.kind === 'ready') return { kind: 'ready', facts: { over: true } };
  const watched = await watchWayBack(event);
  return watched ? { kind: 'ready', facts: watched } : verdict;
});
