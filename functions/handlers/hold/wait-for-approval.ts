import { translateError } from '../../aws/errors.ts';
import { readApprovalFacts } from '../../aws/facts/approval.ts';
import { withFollowing } from '../../databases/look-at-following.ts';
import { stateFacts } from '../../domain/approval/evidence.ts';
import type { GoingBackPlan } from '../../domain/approval/going-back.ts';
import type { Looked } from '../../domain/approval/question.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { isRead, type Reading, unreadable } from '../../domain/model/reading.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WaitingRunEvent {
  /** Whether production may go back is asked. */
  goingBack?: GoingBackPlan;
}

/**
 * Looks while people decide, and never answers: only a person does. What it returns stands in the history, where the page
 * finds the facts of the last look. Facts that have changed are thrown, which ends the question.
 */
export const handler = task('Wait for approval', async (event: Event): Promise<Looked> => {
  const reading = await readApprovalFacts(event, clock.now())
    .then((found) => withFollowing(event, found))
    .catch(busyIsUnreadable);
  const look = { kind: 'looked', group: event.group ?? '', at: new Date(clock.now()).toISOString() } as const;
  return isRead(reading)
    ? { ...look, state: stateFacts(reading.value, event.request.lag, event.goingBack) }
    : { ...look, because: reading.unreadable };
});

function busyIsUnreadable(thrown: unknown): Reading<Deployment> {
  const error = translateError(thrown);
  if (error instanceof Busy) return unreadable(error.message);
  throw error;
}
