import type { CommonState } from '../model/states.ts';
import type { RunFacts } from './facts.ts';
import { goesBack, phaseOfState } from './phase.ts';

/** Visits of a state that followed each other. */
export interface Step {
  /** "Outcome" past the last phase. */
  phase: string;
  state: string;
  /** Milliseconds since the epoch. */
  at: number;
  seconds: number;
  /** How often it was entered: a wait is entered anew for each look. */
  visits: number;
}

/** A phase, with the steps that followed each other in it. */
export interface PhaseSpan {
  phase: string;
  /** Milliseconds since the epoch. */
  at: number;
  seconds: number;
  steps: Step[];
}

const outcome: CommonState = 'Record outcome';

/**
 * The steps of an execution, oldest first. The newest lasts until now, or until the end.
 * @param now milliseconds since the epoch
 */
export function readTimeline({ entered, endedAt, executionArn }: RunFacts, now: number): Step[] {
  const end = endedAt === null ? now : Date.parse(endedAt);
  const steps: Step[] = [];
  let phase = goesBack(executionArn) ? 'Going back' : 'Accept';
  for (const { state, at } of entered) {
    const last = steps.at(-1);
    if (last) last.seconds = (at - last.at) / 1_000;
    if (last?.state === state) {
      last.visits += 1;
      continue;
    }
    phase = state === outcome ? 'Outcome' : (phaseOfState(state) ?? phase);
    steps.push({ phase, state, at, seconds: 0, visits: 1 });
  }
  const last = steps.at(-1);
  if (last) last.seconds = Math.max(0, (end - last.at) / 1_000);
  return steps;
}

/** Steps by their phases. A run may come to a phase again, as when it is paused or turned away. */
export function byPhase(steps: readonly Step[]): PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  for (const step of steps) {
    const last = spans.at(-1);
    if (last?.phase === step.phase) {
      last.steps.push(step);
      last.seconds += step.seconds;
    } else spans.push({ phase: step.phase, at: step.at, seconds: step.seconds, steps: [step] });
  }
  return spans;
}
