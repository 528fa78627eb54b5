import { notYet } from '../../domain/model/not-yet.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  /** ISO time until which old blue is kept. */
  deadline: string;
}

/** Ready when the retention of old blue is over. A time that cannot be read is never over. */
export const handler = wait('Wait for retention', async ({ deadline }: Event): Promise<Look<null>> => {
  return clock.now() >= Date.parse(deadline)
    ? { kind: 'ready', facts: null }
    : notYet(`old blue is kept until ${deadline}`, null);
});
