import { productionOf } from './blue.ts';
import type { Stage } from './stage.ts';
import { keepOldAddresses } from './workload/old-addresses.ts';
import type { Workload } from './workload/workload.ts';

/**
 * For how long some clients go on to the server that served before, in milliseconds of the run's time. Where the run may ask the databases
 * that outlasts the guard of RDS, so that those clients meet the workflow's own fence. Where it may not, nothing of ours closes old blue: a
 * client that overrides a read-only default there is kept out by RDS, or by nobody. Where sessions are let in to old blue, they would be
 * counted as its clients when it is to be deleted: they have gone well before the two minutes that are not counted are over.
 */
const kept = { outlastingTheGuard: 220_000, briefly: 60_000 };

/** Lets a share of the writers keep old addresses through a run. @returns what sends all to the endpoint, for good */
export function keepOldAddressesOn(
  { account, plane, servers, clock }: Stage,
  workload: Workload,
  { wayBack }: { wayBack: boolean },
): () => Promise<void> {
  return keepOldAddresses(workload, {
    plane,
    clock,
    serving: () => productionOf(account),
    keptMs: () => (wayBack && !servers.admitsToOldBlue ? kept.outlastingTheGuard : kept.briefly),
  });
}
