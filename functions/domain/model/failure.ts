import type { ErrorName } from './errors.ts';
import type { StateName } from './states.ts';

/** An error as the state machine keeps it. */
export interface Failure {
  state: StateName;
  error: string;
  cause: string;
}

/** Whether it is this error of ours; `error` may be any name, because hooks and Step Functions have errors of their own. */
export function isError(error: string | undefined, name: ErrorName): boolean {
  return error === name;
}

/** What an error says. Lambda wraps the message of a function's error into JSON with a trace. */
export function messageOf(failure: Pick<Failure, 'cause'>): string {
  const cause = String(failure.cause ?? '');
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

/**
 * What is said of a wait that has come to its deadline: what its last look saw is the reason, and the deadline alone is none.
 * @param because of the last look; undefined where none is known
 */
export function withLastLook(said: string, because: string | undefined): string {
  const message = messageOf({ cause: said });
  return because === undefined || message.includes(because) ? said : `${message}. Seen last: ${because}`;
}

/** Whether the bake came to its end without a verdict: it is not known whether new production is well. */
export function isUndecidedBake(failure: Failure | null): boolean {
  return failure?.state === 'Bake' && isError(failure.error, 'BlueGreen.NotReadyInTime');
}
