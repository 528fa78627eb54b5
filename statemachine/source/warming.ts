import type { FunctionKey } from '../../deploy/functions.ts';
import { placeholder, x } from './expressions.ts';
import type { Level, State } from './level.ts';
import { execution, lambda } from './tasks.ts';

export type Warming = 'Warm a function';

/** The functions of a Map that warms them, by their keys. */
export const functionsToWarm = (...keys: FunctionKey[]): string[] => keys.map(placeholder);

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
