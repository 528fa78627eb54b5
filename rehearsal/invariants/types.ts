import type { Evidence } from './evidence.ts';

/** What became of one invariant in a run. */
export interface Result {
  id: string;
  holds: boolean;
  /** What was checked and, when it does not hold, what was found instead. */
  detail: string;
}

/** What one invariant promises, and where this run broke it. Undefined: this run says nothing about it. */
export type Check = (evidence: Evidence) => { promise: string; broken: string[] } | undefined;
