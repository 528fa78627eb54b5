import { executionPrefix } from '../domain/model/execution-arn.ts';
import { env } from '../runtime/env.ts';

/** Names of executions, as Step Functions takes them (`StartExecution`, `name`). */
const nameForm = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/**
 * ARNs of the executions of this stack that a text may mean: its own where it is one, otherwise those of that name, a run before one that
 * goes back. None of a foreign one.
 */
export function executionsNamed(text: string): string[] {
  const prefixes = [env('STATE_MACHINE_ARN'), env('ROLL_BACK_STATE_MACHINE_ARN')].map(executionPrefix);
  const own = prefixes.find((prefix) => text.startsWith(prefix));
  const name = own === undefined ? text : text.slice(own.length);
  if (!nameForm.test(name)) return [];
  return own === undefined ? prefixes.map((prefix) => `${prefix}${name}`) : [text];
}
