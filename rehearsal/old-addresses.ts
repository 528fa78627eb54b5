import { productionOf } from './blue.ts';
import { whyNoWayBack } from './no-way-back.ts';
import type { Stage } from './stage.ts';
import { keepOldAddresses } from './workload/old-addresses.ts';
import type { Workload } from './workload/workload.ts';

/**
 * For how long some clients go on to the server that served before, in milliseconds of the run's time. With a way back that outlasts the
 * guard of RDS, so that they meet the workflow's own fence. Without one the workflow fences no old blue: who overrides a read-only default
 * there is kept out by RDS, or by nobody.
 */
const kept = { withWayBack: 100_000, withoutWayBack: 60_000 };

/** Lets a share of the writers keep old addresses through a run. @returns what sends all to the endpoint, for good */
export function keepOldAddressesOn(
  { account, plane, clock }: Stage,
  workload: Workload,
  { wayBack }: { wayBack: boolean },
): () => Promise<void> {
  const hasWayBack = () => {
    const run = account.states.listExecutions(account.stateMachineArn)[0];
    return wayBack && (run === undefined || whyNoWayBack(run.history.events) === null);
  };
  return keepOldAddresses(workload, {
    plane,
    clock,
    serving: () => productionOf(account),
    keptMs: () => (hasWayBack() ? kept.withWayBack : kept.withoutWayBack),
  });
}
