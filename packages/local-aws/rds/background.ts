import type { Clock, LocalClock } from '../clock.ts';

/** A clock that counts work in flight must not count ours with the call that began it; one that can call a timer off lets us stop at once. */
export type BackgroundClock = Clock & Partial<Pick<LocalClock, 'detached' | 'after'>>;

/**
 * Work that goes on after a call was answered. A failure that nobody planned is thrown out of the process's event
 * loop rather than lost.
 */
export class Background {
  readonly #clock: BackgroundClock;
  readonly #timers = new Set<() => void>();
  #stopped = false;

  constructor(clock: BackgroundClock) {
    this.#clock = clock;
  }

  run(work: () => Promise<void>): void {
    if (this.#stopped) return;
    const started = this.#clock.detached ? this.#clock.detached(work) : work();
    started.catch((failure) => {
      if (this.#stopped) return;
      queueMicrotask(() => {
        throw failure;
      });
    });
  }

  /** Resolves after `milliseconds` of the clock, unless everything is stopped before: then never. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stopped) return;
      if (!this.#clock.after) {
        void this.#clock.sleep(milliseconds).then(() => this.#stopped || resolve());
        return;
      }
      const callOff = this.#clock.after(milliseconds, () => {
        this.#timers.delete(callOff);
        resolve();
      });
      this.#timers.add(callOff);
    });
  }

  /** Nothing starts or goes on after this, and no timer keeps the process alive. */
  stop(): void {
    this.#stopped = true;
    for (const callOff of this.#timers) callOff();
    this.#timers.clear();
  }
}
