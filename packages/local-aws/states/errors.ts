/** An error inside an execution: what Retry and Catch match. `cause` is missing for timeouts, as in the service. */
export class StateError extends Error {
  override readonly cause: string | undefined;

  constructor(name: string, cause?: string) {
    super(cause);
    this.name = name;
    this.cause = cause;
  }
}

/** A task without an answer in time. Both kinds are reported as States.Timeout; Retry and Catch can tell them apart. */
export class TaskTimeout extends StateError {
  readonly kind: 'States.Timeout' | 'States.HeartbeatTimeout';

  constructor(kind: 'States.Timeout' | 'States.HeartbeatTimeout') {
    super('States.Timeout');
    this.kind = kind;
  }
}

/** The execution's history is full. Nothing catches it. */
export class HistoryFull extends StateError {
  constructor(limit: number) {
    super('States.Runtime', `The execution reached the maximum number of history events (${limit}).`);
  }
}

/** Names that begin with `States.` and may stand in ErrorEquals: "Handling errors" in the developer guide. */
export const reservedErrors: readonly string[] = [
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
];

/**
 * Whether one entry of ErrorEquals means this error. States.Runtime ends the execution whatever is written;
 * the wildcards do not mean States.DataLimitExceeded, and States.TaskFailed does not mean States.Timeout.
 */
function means(entry: string, error: StateError): boolean {
  if (error.name === 'States.Runtime') return false;
  if (entry === error.name || (error instanceof TaskTimeout && entry === error.kind)) return true;
  if (error.name === 'States.DataLimitExceeded') return false;
  return entry === 'States.ALL' || (entry === 'States.TaskFailed' && error.name !== 'States.Timeout');
}

/** The first retrier or catcher that means this error. */
export function firstMatch<T extends { ErrorEquals: string[] }>(
  list: readonly T[] | undefined,
  error: StateError,
): T | undefined {
  return list?.find((entry) => entry.ErrorEquals.some((name) => means(name, error)));
}
