import type { FunctionKey } from '../../deploy/functions.ts';
import { placeholder, x } from './expressions.ts';
import type { Level, State } from './level.ts';
import { execution, lambda } from './tasks.ts';

export type Warming = 'Warm a function';

/**
 * A Map that warms functions before nobody can write.
 * @param keys of the functions
 * @param unless text of JSONata: where it is true, none is warmed
 */
export function warmingOf<Name extends string>(of: { keys: FunctionKey[]; unless?: string; next: Name }) {
  const { keys, unless, next } = of;
  const all = keys.map(placeholder);
  return {
    comment:
      'Starts the functions that are called while nobody can write, so that clients wait for no cold start. One that does not start in time is left to its first call.',
    items: unless === undefined ? all : x`${unless} ? [] : ${JSON.stringify(all).replaceAll('"', "'")}`,
    states: warmingOfOne,
    failed: { next },
    next,
  };
}

/**
 * Lets Lambda make a sandbox of the function that is the item of a Map. The function answers at once that it is warm, and does nothing: nobody
 * has to wait for it, so it is given a few seconds and is asked once.
 */
const taskThatWarms =
  (comment: string): State =>
  () => ({
    Type: 'Task',
    Comment: comment,
    Resource: lambda,
    Arguments: { FunctionName: x`$states.input`, Payload: { ...execution, warm: true } },
    TimeoutSeconds: 5,
    End: true,
  });

/** What every function of such a Map goes through. */
export const warmingOfOne: Level<Warming> = {
  startAt: 'Warm a function',
  states: {
    'Warm a function': taskThatWarms('Only starts the function, so that its next call finds it warm.'),
  },
};
