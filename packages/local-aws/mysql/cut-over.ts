import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import type { Traffic } from '../servers/endpoints/traffic.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { drain, type Link, readPosition, stopLink } from './link.ts';
import { endClients, isReadOnly, preparedTransactions, setReadOnly } from './read-only.ts';

/** Both sides as they were when nobody could write; whoever uses them ends them. */
export interface Views {
  blue: Connection;
  green: Connection;
}

/** What a cut came to. */
export interface Cut {
  done: true;
  /** Real milliseconds from the first step against writes on blue until green was open. */
  windowMs: number;
  /** Where green's log stood when it was opened: what the service tells in an event. */
  coordinates: { file: string; position: number };
  views: Views;
}

/** How long clients may take to finish what they have prepared. Real milliseconds. */
const preparedMs = 2_000;

/**
 * The cut. Until `flip` every step can be undone, and is when one of them fails or the time is up: green is closed
 * first and blue opened after that, so that at no instant both accept writes.
 */
export async function cutOver(
  link: Link,
  traffic: Traffic,
  isLate: IsLate,
): Promise<Cut | { done: false; reason: string }> {
  const { blue, green } = link;
  if (await isReadOnly(blue)) return { done: false, reason: 'blue was read-only before the switchover' };
  const views = await openViews(link);
  const begunAt = realClock.now();
  try {
    await traffic.stop(isLate);
    await endClients(blue, lateAfter(5_000));
    await setReadOnly(blue, true);
    await endClients(blue, lateAfter(5_000));
    await refusePrepared(link);
    await drain(link, isLate);
    await Promise.all([views.blue, views.green].map(see));
    if (isLate()) throw new Error('the timeout passed before the endpoints were swapped');
    await stopLink(link);
    const coordinates = await readPosition(green);
    await setReadOnly(green, false);
    traffic.flip();
    return { done: true, windowMs: realClock.now() - begunAt, coordinates, views };
  } catch (failure) {
    views.blue.end();
    views.green.end();
    await setReadOnly(green, true);
    await setReadOnly(blue, false);
    traffic.putBack();
    return { done: false, reason: (failure as Error).message };
  }
}

/** A prepared transaction outlives its session, and its commit would come behind the fence. */
async function refusePrepared({ blue }: Link): Promise<void> {
  const isForgotten = lateAfter(preparedMs);
  for (;;) {
    const prepared = await preparedTransactions(blue);
    if (prepared.length === 0) return;
    if (isForgotten()) throw new Error(`blue holds prepared transactions: ${prepared.join(', ')}`);
    await realClock.sleep(20);
  }
}

/** Sessions that see nothing yet: signing in takes longer than the rest of a cut. */
async function openViews({ blue, green }: Link): Promise<Views> {
  const open = async ({ server }: Database) => {
    const session = await server.connect();
    await session.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    return session;
  };
  const [ofBlue, ofGreen] = await Promise.all([open(blue), open(green)]);
  return { blue: ofBlue, green: ofGreen };
}

/** Nobody writes, so both see the same moment without a lock. */
async function see(view: Connection): Promise<void> {
  await view.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
}
