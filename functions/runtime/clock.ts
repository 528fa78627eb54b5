/** The only source of time for everything that is deployed. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds` of this clock's time. */
  sleep(milliseconds: number): Promise<void>;
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/**
 * A global symbol and not a module variable, because every function is bundled on its own:
 * a clock that is set here reaches the packaged bundles as well as the sources.
 */
const seam: unique symbol = Symbol.for('viridian.clock') as never;
const holder = globalThis as { [seam]?: Clock };

/** Replaces the clock of this process; `undefined` puts the system's clock back. */
export function useClock(clock: Clock | undefined): void {
  holder[seam] = clock;
}

export const clock: Clock = {
  now: () => (holder[seam] ?? systemClock).now(),
  sleep: (milliseconds) => (holder[seam] ?? systemClock).sleep(milliseconds),
};
