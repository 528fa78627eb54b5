import type { Target } from './endpoint.ts';
import type { PausingEndpoint } from './pausing-endpoint.ts';
import { type IsLate, realClock } from './real-clock.ts';

/**
 * Pauses a pooler at a moment at which nothing is prepared for a two-phase commit: between its two commits a client is between two
 * transactions, for the pooler, and held there it would leave a transaction that no fence stops. It is let go on, and the pooler paused anew.
 *
 * @param target where the pooler leads to
 * @param prepared identifiers of what is prepared there
 */
export async function parkAtRest(
  pooler: PausingEndpoint,
  target: Target,
  prepared: () => Promise<string[]>,
  isLate: IsLate,
): Promise<void> {
  for (;;) {
    await pooler.park(isLate);
    const left = await prepared();
    if (left.length === 0) return;
    await pooler.unpark(target);
    if (isLate()) throw new Error(`prepared transactions were not finished: ${left.join(', ')}`);
    await realClock.sleep(5);
  }
}
