import type * as errors from '../../functions/domain/model/errors.ts';
import { type Expression, x } from './expressions.ts';

type Thrown = Omit<typeof errors, 'raisedElsewhere'>;
/** Names of our own errors. */
export type ErrorName =
  | InstanceType<Thrown[keyof Thrown]>['name']
  | (typeof errors.raisedElsewhere)[keyof typeof errors.raisedElsewhere];

/** Names that Step Functions, Lambda and its runtime raise. */
export type PlatformError =
  | 'States.ALL'
  | 'States.Timeout'
  | 'States.HeartbeatTimeout'
  | 'Lambda.AWSLambdaException'
  | 'Lambda.ClientExecutionTimeoutException'
  | 'Lambda.SdkClientException'
  | 'Lambda.ServiceException'
  | 'Lambda.TooManyRequestsException'
  | 'Lambda.Unknown'
  | 'Runtime.ExitError'
  | 'Sandbox.Timedout';

/** What a Retry or a Catch may name. */
export type AnyError = ErrorName | PlatformError;

/** What a Catch has caught, as text of JSONata. */
export const caught =
  "{'state': $states.context.State.Name, 'error': $states.errorOutput.Error, 'cause': $states.errorOutput.Cause}";

/** Why a Catch was reached, in the words of its cause where it has some. Text of JSONata. */
export const causeOrError =
  '$states.errorOutput.Cause ? $states.errorOutput.Cause : $states.errorOutput.Error';

/** What a choice has found, in the same form. The cause is text of JSONata. */
export function fault<State extends string>(state: State, error: ErrorName, cause: string): string {
  return `{'state': '${state}', 'error': '${error}', 'cause': ${cause}}`;
}

/** Keeps the first failure of the run: what fails after it is a consequence, or stands in the history. */
export function keepFailure(found: string): { failure: Expression } {
  return { failure: x`$failure ? $failure : ${found}` };
}

/** What was found last counts, and no failure before it. */
export function replaceFailure(found: string): { failure: Expression } {
  return { failure: x`${found}` };
}

/** Keeps the first failure of the clean-up. It never changes which side serves. */
export function keepCleanupFailure(found: string): { cleanupFailure: Expression } {
  return { cleanupFailure: x`$cleanupFailure ? $cleanupFailure : ${found}` };
}

/** Catches as failure of the run. */
export const failure = keepFailure(caught);
/** Catches as failure of the clean-up. */
export const cleanupFailure = keepCleanupFailure(caught);
/** Catches as both: production is right, and yet a person is needed. */
export const bothFailures = { ...failure, ...cleanupFailure };

/** A warning to the outcome: what a deployment drops is for a person to put back. */
export const notPutBack = {
  findings: x`$append($findings, [{'rule': 'put-back', 'severity': 'warning', 'message': 'What stood beside the data (IAM roles, auto scaling, alarms, tags, event subscriptions, proxies) could not be looked after: ' & $substring($states.errorOutput.Cause, 0, 4000)}])`,
};

/** A deadline has passed in a state. */
export function late<State extends string>(state: State, what: string): string {
  return fault(state, 'BlueGreen.NotReadyInTime', `'${what} (deadline ' & $deadline & ')'`);
}
