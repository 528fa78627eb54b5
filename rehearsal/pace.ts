import { setTimeout as pause } from 'node:timers/promises';
import type { StateName } from '../functions/domain/model/states.ts';
import type { ScaledClock } from '../packages/local-aws/clock.ts';

/** Ticks, timeouts and metric periods go so many times faster than on AWS, on a machine that answers promptly. Nothing else differs. */
export const fullScale = 30;
/** The slowest pace: a rehearsal of half a minute then takes about three. */
const leastScale = 5;
/**
 * Real milliseconds of a sign-in and a query. A look around the cut asks for some ten of them within one tick, which is 15 s of the run's time and
 * half a real second at full scale.
 */
const promptMs = 40;
const probes = 15;
const probeEveryMs = 500;

/** Where time only passes, it passes so many times faster still. Everything that waits for a database, or changes one, keeps the pace. */
const hurry = 2;
const idle: ReadonlySet<string> = new Set<StateName>([
  'Wait for green',
  'Bake',
  'Wait for retention',
  'Wait for snapshot',
  'Wait for deletion',
  'Wait for removal',
]);

/**
 * How much faster than real time a run goes. Databases answer in real time however fast the clock is: on a machine that is slow, or busy with
 * something else, functions would time out that never do on AWS, and a rehearsal would tell of the machine.
 */
export class Pace {
  readonly #clock: ScaledClock;
  readonly #ask: () => Promise<void>;
  #scale = fullScale;
  #idle = false;
  #real = false;

  /** @param ask signs in to a database, which answers as all of the machine's do, and asks for nothing */
  constructor(clock: ScaledClock, ask: () => Promise<void>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Times faster than on AWS, where something happens. */
  get scale(): number {
    return this.#scale;
  }

  async measure(): Promise<void> {
    const took: number[] = [];
    while (took.length < probes) took.push(await measure(this.#ask));
    this.#set({ scale: paceFor(took) });
  }

  /**
   * Slows the clock down when the machine becomes slower in the course of a run, and never lets it go faster again. Rejects when it is aborted,
   * or when the database is gone.
   */
  async follow(signal: AbortSignal): Promise<never> {
    const took: number[] = [];
    for (;;) {
      await pause(probeEveryMs, undefined, { signal });
      took.push(await measure(this.#ask));
      if (took.length <= probes) continue;
      took.shift();
      this.#set({ scale: Math.min(this.#scale, paceFor(took)) });
    }
  }

  /** Time only passes until the next state is entered. */
  hurry(): void {
    this.#set({ idle: true });
  }

  /** A run enters a state. @param real the clock goes as fast as the real one there */
  enter(state: string, real = false): void {
    this.#set({ idle: idle.has(state), real });
  }

  #set({ scale = this.#scale, idle = this.#idle, real = this.#real }): void {
    this.#scale = scale;
    this.#idle = idle;
    this.#real = real;
    this.#clock.goAt(real ? 1 : idle ? hurry * scale : scale);
  }
}

async function measure(ask: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await ask();
  return performance.now() - since;
}

/** The pace for the given times of a sign-in and a query, in milliseconds: by their median, since the first is often an exception. */
export function paceFor(took: number[]): number {
  const median = took.toSorted((a, b) => a - b)[took.length >> 1] ?? 0;
  return Math.max(leastScale, Math.round(fullScale * Math.min(1, promptMs / median)));
}
