import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import type { Traffic } from '../servers/endpoints/traffic.ts';
import {
  admitSessions,
  assertNoWriters,
  endSessions,
  isReadOnly,
  preparedTransactions,
  setReadOnly,
} from './fence.ts';
import type { PairHealth } from './health.ts';
import { drain, type Link } from './link.ts';
import { copySequences, type MovedSequence } from './sequences.ts';

/** Looks at both sides at the moment when they hold the same rows. */
export interface Witness {
  /** Ahead of the cut. */
  prepare(): Promise<void>;
  /** Nobody can write on either side. */
  atRest(): Promise<void>;
}

/** What a cut came to. */
export interface Cut {
  done: true;
  /** Real milliseconds from the first step against writes on blue until green was open. */
  windowMs: number;
  sequences: MovedSequence[];
}

/**
 * The cut. Until `flip` every step can be undone, and is when one of them fails or the time is up: green is closed
 * first and blue opened after that, so that at no instant both accept writes.
 */
export async function cutOver(
  link: Link,
  health: PairHealth,
  traffic: Traffic,
  witness: Witness,
  isLate: IsLate,
): Promise<Cut | { done: false; reason: string }> {
  if (await isReadOnly(link.blue)) return { done: false, reason: 'blue was read-only before the switchover' };
  let greenMayBeOpen = false;
  let cut: Cut;
  try {
    await Promise.all([witness.prepare(), traffic.prepare()]);
    const fencedAt = await fenceBlue(link, traffic, isLate);
    const sequences = await moveState(link, health, isLate);
    await witness.atRest();
    if (isLate()) throw new Error('the timeout passed before the endpoints were swapped');
    greenMayBeOpen = true;
    await setReadOnly(link.green, false);
    cut = { done: true, windowMs: realClock.now() - fencedAt, sequences };
  } catch (failure) {
    const { message } = failure as Error;
    const trouble = await putBack(link, traffic, greenMayBeOpen);
    return {
      done: false,
      reason: trouble ? `${message}; and it could not be put back: ${trouble}` : message,
    };
  }
  traffic.flip();
  return cut;
}

/** How long clients may take to finish what they have prepared. Real milliseconds; it takes them one round trip. */
const preparedMs = 2_000;

/**
 * Nobody writes on blue afterwards, and this is looked at, not assumed. A client that was cut between the two commits of a two-phase one
 * has left its prepared transaction behind, which nobody else may end: it is let in to finish, and blue is fenced anew.
 *
 * @returns when the fence that holds was begun
 */
async function fenceBlue(link: Link, traffic: Traffic, isLate: IsLate): Promise<number> {
  const { blue } = link;
  const isForgotten = lateAfter(preparedMs);
  for (;;) {
    const begunAt = realClock.now();
    await setReadOnly(blue, true);
    await admitSessions(blue, false);
    await traffic.stop(isLate);
    await endSessions(blue, isLate, traffic.held());
    if (isForgotten() || isLate() || (await preparedTransactions(blue)).length === 0) {
      await assertNoWriters(blue, traffic.held());
      return begunAt;
    }
    const trouble = await putBack(link, traffic, false);
    if (trouble) throw new Error(trouble);
    while (!isForgotten() && (await preparedTransactions(blue)).length > 0) await realClock.sleep(5);
    await traffic.prepare();
  }
}

/** Rows and sequences, at the same time; both are final, because blue is fenced. */
async function moveState(link: Link, health: PairHealth, isLate: IsLate): Promise<MovedSequence[]> {
  const stillFine = async () => {
    const { state, message } = await health.read();
    if (state !== 'replicating') throw new Error(`replication is ${state}: ${message}`);
  };
  const [, sequences] = await Promise.all([
    drain(link, isLate, stillFine),
    copySequences(link.blue, link.green),
  ]);
  return sequences;
}

/**
 * When green cannot be proved closed, blue stays closed: no writer is better than two. Clients are led back in any case.
 *
 * @returns what could not be put back, when there is something.
 */
async function putBack(
  { blue, green }: Link,
  traffic: Traffic,
  greenMayBeOpen: boolean,
): Promise<string | undefined> {
  try {
    if (greenMayBeOpen) await setReadOnly(green, true);
    await setReadOnly(blue, false);
    await admitSessions(blue, true);
    return undefined;
  } catch (failure) {
    return (failure as Error).message;
  } finally {
    traffic.putBack();
  }
}
