import statesOf from './phases.json' with { type: 'json' };

/** A part of a run, for a person who looks at it. */
export interface Phase {
  name: keyof typeof statesOf | 'Going back';
  /** What comes after it. */
  next: string;
}

type RunPhase = Phase & { name: keyof typeof statesOf };

const accept: RunPhase = { name: 'Accept', next: 'green is built' };

const phases: RunPhase[] = [
  accept,
  {
    name: 'Build',
    next: 'people are asked, then the window and green catching up are waited for',
  },
  { name: 'Hold', next: 'everything is read once more, then the cut' },
  { name: 'Cut', next: 'the side that serves is verified and watched' },
  { name: 'Prove', next: 'the way back is closed, old blue is kept or deleted' },
  { name: 'Close', next: 'the run ends' },
];

const goingBack: Phase = { name: 'Going back', next: 'the run hears how it ended' };

const phaseByState = new Map(
  phases.flatMap((phase) => statesOf[phase.name].map((state) => [state, phase] as const)),
);

/** Name of the phase of a run that a state belongs to; nothing for one that several have, and for the outcome. */
export const phaseOfState = (state: string): string | undefined => phaseByState.get(state)?.name;

/** Whether an execution goes back, by the name of its state machine. */
export const goesBack = (executionArn: string): boolean =>
  (executionArn.split(':')[6] ?? '').endsWith('roll-back');

/**
 * The phase of an execution.
 * @param states that it has entered, oldest first
 */
export function phaseOf(executionArn: string, states: readonly string[]): Phase {
  if (goesBack(executionArn)) return goingBack;
  const known = states.map((state) => phaseByState.get(state));
  return known.findLast((phase) => phase !== undefined) ?? accept;
}
