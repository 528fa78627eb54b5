import type { CommonState, StateName } from './states.ts';

/** States that call the hook which stops the application's writes. */
const stopping: readonly StateName[] = [
  'Stop writes',
  'Stop writes and wait for the answer',
] satisfies CommonState[];

/** States that call the hook which resumes the application's writes. */
export const resumingStates = [
  'Resume writes',
  'Resume writes and wait for the answer',
] as const satisfies CommonState[];

/** Whether a state calls the hook that stops the application's writes. */
export const stopsWrites = (state: StateName): boolean => stopping.includes(state);

/** Whether a state calls the hook that resumes them. */
export const resumesWrites = (state: StateName): boolean =>
  (resumingStates as readonly StateName[]).includes(state);
