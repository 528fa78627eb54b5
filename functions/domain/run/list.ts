import { phaseOf } from './phase.ts';

/** An execution in a list. */
export interface ListedRun {
  executionArn: string;
  status: string;
  /** ISO times; the end is null while it is open. */
  startedAt: string;
  endedAt: string | null;
  /** As its input names it; null where it does not, as that of an execution that goes back. */
  database: string | null;
  error: string | null;
  /** Null where its history was not read. */
  phase: string | null;
  state: string | null;
}

/** @param states that it has entered lately, oldest first */
export function listedPhase(
  executionArn: string,
  states: readonly string[],
): Pick<ListedRun, 'phase' | 'state'> {
  const steps = states.filter((state) => !state.endsWith('?'));
  return { phase: phaseOf(executionArn, steps).name, state: steps.at(-1) ?? null };
}
