import { askDatabase, atNewProduction } from '../../databases/ask.ts';
import { questionOf, type WaitingWayBackEvent } from '../../databases/question.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { cannotHeal } from '../../domain/way-back/cannot-heal.ts';
import { clock } from '../../runtime/clock.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingWayBackEvent {
  /** Since when it is tried. ISO time. */
  since: string;
  /** Nobody is to hear yet, or again, that writes are held. */
  told: boolean;
}

/** How long a lock or a session that is about to end may take before people are told. Milliseconds. */
const patience = 30_000;

/**
 * Opens the role gate. It only ever stands on green, whichever side serves: where blue serves, green must not keep a gate that a
 * later run would bring into production. Ready when it is open, and once when people are to be told that it is not, and why.
 */
export const handler = wait(
  'Release application writes',
  async (event: Event): Promise<Look<{ released: string[] } | { because: string }>> => {
    const { released, because, lasts } = await release(event);
    if (released) return { kind: 'ready', facts: { released } };
    const waited = clock.now() - Date.parse(event.since);
    if (!event.told && (lasts || waited >= patience)) return { kind: 'ready', facts: { because } };
    return notYet(because, 'release the roles by the statement that the announcement names');
  },
);

/** The roles that may write again, or why some may not. `lasts`: asking again changes nothing. */
async function release(event: Event): Promise<{ released?: string[]; because: string; lasts: boolean }> {
  const { applicationRoles } = event.request.wayBack;
  try {
    const question = { ...questionOf(event), applicationRoles };
    const reply = await atNewProduction(event, (place) =>
      askDatabase('release-writes', { ...question, ...place }),
    );
    if (reply.kind !== 'answer')
      return { because: reply.because, lasts: reply.kind === 'refused' || cannotHeal(reply.code) };
    const { released, stillHeld } = reply.facts;
    if (stillHeld.length > 0) return { because: `still held: ${stillHeld.join(', ')}`, lasts: false };
    return { released, because: '', lasts: false };
  } catch (error) {
    return { because: (error as Error).message, lasts: false };
  }
}
