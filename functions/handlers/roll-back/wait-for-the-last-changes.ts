import { askDatabase, insist, readBothPlaces } from '../../databases/ask.ts';
import { questionOf, type WaitingWayBackEvent } from '../../databases/question.ts';
import { TestFailed } from '../../domain/model/errors.ts';
import { limits } from '../../domain/model/limits.ts';
import { judgeDrained } from '../../domain/way-back/drained.ts';
import { findBroken } from '../../domain/way-back/stream.ts';
import { clock } from '../../runtime/clock.ts';
import type { Input } from '../../sql/contract.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingWayBackEvent {
  /** Where the log of new production stood behind the fence, by database. */
  positions: Record<string, string>;
}

/** Looks every second for so long: nobody can write meanwhile. Milliseconds. */
const patience = 1_000 * limits.patience.lastChanges;

/** Ready when the target has confirmed as durable everything that was written before the fence. */
export const handler = wait(
  'Wait for the last changes',
  async (event: Event): Promise<Look<{ positions: Record<string, string> }>> => {
    const { wayBack, positions } = event;
    const question = questionOf(event);
    const { production, target } = await readBothPlaces(event);
    const until = clock.now() + patience;
    for (;;) {
      const { databases } = await insist('drained', { ...question, ...production, target, positions });
      const verdict = judgeDrained(databases, wayBack.databases);
      if (verdict.kind === 'no') throw new TestFailed(verdict.because);
      if (verdict.kind === 'ready') return verdict;
      if (clock.now() > until) {
        await refuseBroken({ ...question, production, target });
        return verdict;
      }
      await clock.sleep(1_000);
    }
  },
);

/** Nobody can write meanwhile, so nothing is waited for that cannot arrive. A stream that cannot be looked at says nothing. */
async function refuseBroken(question: Input<'read-streams'>): Promise<void> {
  const reply = await askDatabase('read-streams', question);
  const broken = reply.kind === 'answer' && findBroken(reply.facts.streams);
  if (broken) throw new TestFailed(`what is missing does not arrive any more: ${broken}`);
}
