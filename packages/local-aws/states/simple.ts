import type { FailState, PassState, SucceedState, WaitState } from './definition.ts';
import { StateError } from './errors.ts';
import type { Json } from './json.ts';
import type { Step, Visit } from './visit.ts';

/** Pass: computes Output and Assign. */
export function pass(visit: Visit<PassState>): Promise<Step> {
  return visit.step(visit.state, visit.state.Next, visit.input);
}

/** Succeed: ends the lane. */
export function succeed(visit: Visit<SucceedState>): Promise<Step> {
  return visit.step({ Output: visit.state.Output }, undefined, visit.input);
}

const isText = (value: Json): value is string => typeof value === 'string';
const isInstant = (value: Json): value is string => isText(value) && !Number.isNaN(Date.parse(value));

/** The longest Wait in seconds. */
const longestWait = 99_999_999;
const isSeconds = (value: Json): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= longestWait;

/** Wait: for Seconds, or until Timestamp; a time that has passed does not wait. */
export async function wait(visit: Visit<WaitState>): Promise<Step> {
  const { Seconds, Timestamp = '', Next } = visit.state;
  if (Seconds !== undefined) {
    await visit.pause(
      await visit.evaluateAs(Seconds, 'Seconds', isSeconds, `a whole number up to ${longestWait}`),
    );
  } else {
    const instant = await visit.evaluateAs(Timestamp, 'Timestamp', isInstant, 'an ISO 8601 timestamp');
    await visit.pause((Date.parse(instant) - visit.run.clock.now()) / 1000);
  }
  return visit.step(visit.state, Next, visit.input);
}

/** Fail: ends the lane with an error. */
export async function fail(visit: Visit<FailState>): Promise<never> {
  const { Error: error, Cause: cause } = visit.state;
  const name =
    error === undefined ? 'States.TaskFailed' : await visit.evaluateAs(error, 'Error', isText, 'a string');
  const why = cause === undefined ? undefined : await visit.evaluateAs(cause, 'Cause', isText, 'a string');
  throw new StateError(name, why);
}
