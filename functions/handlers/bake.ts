import { readAlarms } from '../aws/read-alarms.ts';
import { judgeBake } from '../domain/alarms.ts';
import { TestFailed } from '../domain/errors.ts';
import { clock } from '../runtime/clock.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

interface Event extends WaitingRunEvent {
  /** ISO time. */
  bakeUntil: string;
}

/** Watches the alarms of the request until the bake is over. An alarm that cannot be read is not a healthy one. */
export const handler = wait('Bake', async ({ request, bakeUntil }: Event): Promise<Look<null>> => {
  const { alarms } = request.bake;
  const verdict = judgeBake(alarms, await readAlarms(alarms), Date.parse(bakeUntil), clock.now());
  if (verdict.kind === 'no') throw new TestFailed(`${verdict.because}; green serves, and everything is kept`);
  return verdict;
});
