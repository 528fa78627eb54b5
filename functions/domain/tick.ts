/**
 * How long a waiting state sleeps between two looks, and what that costs in execution history.
 *
 * Ticks follow the time already waited: a twentieth of it, so that a lost event costs at most a twentieth of the wait. The
 * state machine computes the same in its `TimeoutSeconds`; a test compares the two.
 */
export interface Wait {
  /** Milliseconds since the epoch: when the wait began. */
  since: number;
  /** When it ends, whatever happens. */
  deadline: number;
}

/** Of the kinds of waiting: the shortest tick while nothing has been waited for long, and the longest tick. Seconds. */
export interface Pace {
  floor: number;
  ceiling: number;
}

/** No tick is shorter: a look takes up to 10 s and answers at least 3 s before its tick runs out. */
export const shortestTick = 15;

/** Paces by kind. */
export const paces = {
  /** Green, a window, a removal, a snapshot, a deletion. */
  usual: { floor: 30, ceiling: 1800 },
  /** Alarms wake a bake; 15 minutes is how late a lost alarm event may be heard. */
  bake: { floor: 30, ceiling: 900 },
  /** Around the cut. */
  cut: { floor: 15, ceiling: 15 },
} as const satisfies Record<string, Pace>;

/**
 * Seconds until the next look: whole, at least 15, never past the deadline by more than those 15.
 * @param goal a moment at which the wait may be over (a window opens, a bake ends): the tick ends there, not after it.
 */
export function tickSeconds(now: number, wait: Wait, pace: Pace = paces.usual, goal?: number): number {
  const twentieth = Math.floor((now - wait.since) / 20_000);
  const pacing = Math.min(pace.ceiling, Math.max(pace.floor, twentieth));
  const untilGoal = goal === undefined ? pacing : now < goal ? Math.ceil((goal - now) / 1000) : pace.floor;
  const untilDeadline = Math.ceil((wait.deadline - now) / 1000);
  return Math.max(shortestTick, Math.min(pacing, untilGoal, untilDeadline));
}
