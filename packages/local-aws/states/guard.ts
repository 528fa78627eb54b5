import type { GuardedState } from './definition.ts';
import { firstMatch, StateError } from './errors.ts';
import type { Json } from './json.ts';
import { Retries } from './retry.ts';
import type { Step, Visit } from './visit.ts';

/** Tries a state as often as its Retry allows, and follows its Catch when that does not help. */
export async function guarded<S extends GuardedState>(
  visit: Visit<S>,
  attempt: (visit: Visit<S>) => Promise<Step>,
): Promise<Step> {
  const retries = new Retries(visit.state.Retry, visit.run.random);
  for (;;) {
    try {
      return await attempt(visit);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      const seconds = retries.next(error);
      if (seconds === undefined) return await caught(visit, error);
      await visit.pause(seconds);
      visit.lane.inner = undefined;
      visit.retryCount += 1;
      visit.run.countTransition();
    }
  }
}

/** The first catcher that means the error leads on; without one the error goes to whoever runs the lane. */
async function caught(visit: Visit<GuardedState>, error: StateError): Promise<Step> {
  const list = visit.state.Catch ?? [];
  const catcher = firstMatch(list, error);
  if (catcher === undefined) throw error;
  const errorOutput: Json = {
    Error: error.name,
    ...(error.cause === undefined ? {} : { Cause: error.cause }),
  };
  const field = `Catch[${list.indexOf(catcher)}]/`;
  return visit.step(catcher, catcher.Next, errorOutput, { errorOutput }, field);
}
