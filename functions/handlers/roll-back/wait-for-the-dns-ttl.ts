import { readAddressedId } from '../../aws/facts/production-address.ts';
import { OutcomeUnknown } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  /** ISO time until which clients may hold an answer that leads to new production. */
  staleUntil: string;
}

/** What is left is slept here, when it is shorter than the shortest tick: the function is stopped after 12 s. Milliseconds. */
const longestSleep = 9_000;

/**
 * Ready when the TTL of the old DNS answer has passed and the record still leads to blue. A client that still held the old answer would
 * read what new production had at its fence while others write on blue already.
 */
export const handler = wait(
  'Wait for the DNS TTL',
  async ({ request, deployment, staleUntil }: Event): Promise<Look<null>> => {
    const left = Date.parse(staleUntil) - clock.now();
    if (left > 0 && left <= longestSleep) await clock.sleep(left);
    const leadsTo = await readAddressedId(request, deployment);
    if (leadsTo !== targetOf(deployment).resourceId)
      throw new OutcomeUnknown(
        `${nameAddress(request, deployment.database.id)} leads to ${leadsTo ?? 'nothing'}, not to blue any more`,
      );
    return clock.now() >= Date.parse(staleUntil)
      ? { kind: 'ready', facts: null }
      : notYet(`clients may hold the old DNS answer until ${staleUntil}`, null);
  },
);
