import type { Clock } from '../../packages/local-aws/clock.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import type { RehearsedPlane } from '../servers/servers.ts';
import type { Workload } from './workload.ts';

/** How often it is looked where production is. Real milliseconds. */
const lookEvery = 10;

export interface OldAddresses {
  plane: Pick<RehearsedPlane, 'hostOf'>;
  /** Resource id of the database that production's address leads to now; undefined while it leads nowhere. */
  serving: () => string | undefined;
  /** For how long a client keeps an old answer of the name server once production has moved, in milliseconds of this clock; read again and again. */
  keptMs: () => number;
  clock: Clock;
}

/**
 * Lets a share of the writers behave as clients with a stale answer of the name server do: whenever production moves, they connect to the
 * server that served before, for a bounded time, and only then to the endpoint.
 *
 * @returns what sends all to the endpoint, for good
 */
export function keepOldAddresses(workload: Workload, addresses: OldAddresses): () => Promise<void> {
  const ended = new AbortController();
  const following = follow(workload, addresses, ended.signal);
  return async () => {
    ended.abort();
    await following;
    workload.useOldAddress(null);
  };
}

async function follow(workload: Workload, addresses: OldAddresses, ended: AbortSignal): Promise<void> {
  const { plane, serving, keptMs, clock } = addresses;
  let before = serving();
  let movedAt: number | undefined;
  for (; !ended.aborted; await realClock.sleep(lookEvery)) {
    const now = serving();
    if (now !== undefined && before !== undefined && now !== before) {
      workload.useOldAddress((await plane.hostOf(before)).port);
      movedAt = clock.now();
    }
    before = now ?? before;
    if (movedAt === undefined || clock.now() < movedAt + keptMs()) continue;
    workload.useOldAddress(null);
    movedAt = undefined;
  }
}
