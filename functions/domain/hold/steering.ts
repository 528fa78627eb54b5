import type { RunState, StateName } from '../model/states.ts';
import type { WayBack } from '../way-back/state.ts';

/** What a person may ask of an open run, whether it asks anybody just now or not. */
export type Steering = 'stop' | 'pause' | 'resume' | 'ask-to-go-back';

const done: Record<Steering, string> = {
  stop: 'stopped the run',
  pause: 'paused the run',
  resume: 'resumed the run',
  'ask-to-go-back': 'asked to go back',
};

export const isSteering = (kind: string): kind is Steering => Object.hasOwn(done, kind);

/** What was asked, as it goes to the record. */
export function describeSteering(kind: Steering, by: string, identified: string, reason: string): string {
  return `${by} (${identified}) ${done[kind]}: ${reason}`;
}

/**
 * The waits that a person may end with "Stop this run". Before the cut the run ends in order with blue serving; during the
 * bake and the retention it ends with green serving and everything kept. Not the cut itself, which nothing
 * interrupts, and not the removal of green, which is what a stop leads to.
 */
const stoppableStates: readonly StateName[] = [
  'Wait for green',
  'Wait for green after its failover',
  'Wait for approval',
  'Wait for window',
  'Wait for replication to catch up',
  'Watch the reads',
  'Wait to be resumed',
  'Bake',
  'Wait for a decision',
  'Wait for retention',
] satisfies RunState[];

/** A wait as the history shows it. */
interface OpenWait {
  state: StateName;
  parameters: Readonly<Record<string, unknown>>;
}

/** Where a paused run waits. */
const pausedState: RunState = 'Wait to be resumed';

/** So long a run may be paused in all: over a long weekend. Green costs money meanwhile, and blue keeps what green has not got yet. */
export const longestPauseHours = 72;

/** With less left a pause would end the run before anybody could look at it. Milliseconds. */
const shortestPause = 60_000;

/** What a person has paused, as the run keeps it. */
export interface Paused {
  /** Who paused it and why. */
  because: string;
  /** ISO time. */
  at: string;
}

/** By whom and since when the run is paused that waits so; undefined: it is not paused. */
export function readPaused({ state, parameters }: OpenWait): Paused | undefined {
  return state === pausedState ? (parameters.paused as Paused) : undefined;
}

/** Why a wait is not there for what a person asks, or undefined. A wait that may be paused holds how many milliseconds are left for it. */
export function findSteeringObstacle(kind: Steering, { state, parameters }: OpenWait): string | undefined {
  if (kind === 'stop') return stoppableStates.includes(state) ? undefined : `it is in "${state}"`;
  if (kind === 'ask-to-go-back') return findGoingBackObstacle({ state, parameters });
  if (kind === 'resume') return state === pausedState ? undefined : `it is not paused: it is in "${state}"`;
  const { pauseLeft } = parameters;
  if (typeof pauseLeft !== 'number')
    return `it is in "${state}", and only a wait before the cut can be paused`;
  return pauseLeft < shortestPause
    ? `it was paused for ${longestPauseHours} hours before, and no longer in all`
    : undefined;
}

/** A wait is given the way back of its run as it was read last. */
function findGoingBackObstacle({ state, parameters }: OpenWait): string | undefined {
  const { attached = false, open = false } = (parameters.wayBack ?? {}) as Partial<WayBack>;
  return attached && open && parameters.goingBack === undefined
    ? undefined
    : `it is in "${state}", where no way back is open`;
}
