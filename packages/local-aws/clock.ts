import { setTimeout } from 'node:timers';

/** A source of time, as code that is under test has it as well. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds` of this clock's time. */
  sleep(milliseconds: number): Promise<void>;
}

/** What the services need of a clock beyond what a client needs. */
export interface LocalClock extends Clock {
  /** Calls `action` after `milliseconds` of this clock's time; the returned function calls it off. */
  after(milliseconds: number, action: () => void): () => void;
  /** Marks work, such as a handler or a request, as in flight. Virtual time stands still until it ends or sleeps on this clock. */
  during<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Starts background work that belongs to no work in flight, although it is started from inside one. */
  detached<T>(work: () => T): T;
}

/** Milliseconds as a length of time that a timer can have. */
export function duration(milliseconds: number): number {
  if (Number.isNaN(milliseconds)) throw new RangeError('a sleep needs a number of milliseconds');
  return Math.max(0, milliseconds);
}

/** The longest that `setTimeout` can wait: about 24.8 days. */
const longestTimeout = 2 ** 31 - 1;

/** A clock that runs `scale` times as fast as the real one, from `start` on. */
export class ScaledClock implements LocalClock {
  #scale: number;
  #start: number;
  #realStart: number;
  #origin = performance.now();
  /** Arms a timer again, by the scale of that moment. */
  readonly #timers = new Set<() => void>();

  /** @param start milliseconds since the epoch that this clock shows now */
  constructor(scale: number = 1, start?: number) {
    if (!(scale > 0)) throw new RangeError('the scale of a clock is above 0');
    this.#scale = scale;
    this.#realStart = Date.now();
    this.#start = start ?? this.#realStart;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Goes `scale` times as fast as the real one from now on. Timers that are set keep their moment of this clock's time. */
  goAt(scale: number): void {
    if (!(scale > 0)) throw new RangeError('the scale of a clock is above 0');
    if (scale === this.#scale) return;
    this.#start = this.#exact();
    this.#realStart = Date.now();
    this.#origin = performance.now();
    this.#scale = scale;
    for (const arm of this.#timers) arm();
  }

  now(): number {
    return Math.floor(this.#exact());
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  after(milliseconds: number, action: () => void): () => void {
    const due = this.#exact() + duration(milliseconds);
    let handle: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(handle);
      this.#timers.delete(arm);
    };
    // A timeout can fire up to 1 ms early, which is much at a large scale, so the time is looked at again.
    const look = (): void => {
      if (this.#exact() < due) arm();
      else {
        end();
        action();
      }
    };
    const arm = (): void => {
      clearTimeout(handle);
      const real = Math.ceil(this.toRealDuration(due - this.#exact()));
      handle = setTimeout(look, Math.min(Math.max(real, 0), longestTimeout));
    };
    this.#timers.add(arm);
    arm();
    return end;
  }

  during<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  detached<T>(work: () => T): T {
    return work();
  }

  /** Real milliseconds that `milliseconds` of this clock take. */
  toRealDuration(milliseconds: number): number {
    return milliseconds / this.#scale;
  }

  /** The real instant, in milliseconds since the epoch, at which this clock shows `instant`, if its scale stays as it is. */
  toRealTime(instant: number): number {
    return this.#realStart + this.toRealDuration(instant - this.#start);
  }

  #exact(): number {
    return this.#start + (performance.now() - this.#origin) * this.#scale;
  }
}
