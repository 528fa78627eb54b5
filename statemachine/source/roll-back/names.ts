import { statesOf } from '../states.ts';
import type { Begin } from './begin.ts';
import type { Compare } from './compare.ts';
import type { End } from './end.ts';
import type { Outcome } from './outcome.ts';
import type { Stop } from './stop.ts';
import type { Swap } from './swap.ts';

/** The states of going back, by phase. */
export type RollBackState = Begin | Stop | Compare | Swap | End | Outcome;

/** The variables of going back. "Take the order" gives each its first value. */
export type RollBackVariable =
  | 'run'
  | 'request'
  | 'deployment'
  | 'wayBack'
  | 'findings'
  | 'window'
  | 'approval'
  | 'tests'
  | 'serving'
  | 'snapshot'
  | 'outcome'
  | 'positions'
  | 'progress'
  | 'leads'
  | 'begunBefore'
  | 'moved'
  | 'failure'
  | 'cleanupFailure'
  | 'end'
  | 'waitingSince'
  | 'deadline'
  | 'renamed'
  | 'change'
  | 'writesStopped'
  | 'hookAnswer'
  | 'loss'
  | 'accepted'
  | 'doubt'
  | 'exceeding';

export const { task, wait, hook, hookAnsweringLater, choice, pass, fault, late, hookSaidNo } = statesOf<
  RollBackState,
  RollBackVariable
>();
