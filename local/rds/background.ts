import type { Clock } from '../../functions/runtime/clock.ts';
import type { LocalClock } from '../clock.ts';

/** A clock that counts work in flight must not count ours as part of the call that began it. */
export type BackgroundClock = Clock & Partial<Pick<LocalClock, 'detached'>>;

/**
 * Work that goes on after a call was answered. A failure that nobody planned is thrown out of the process's event
 * loop rather than lost; after `stop` nothing is started and nothing is reported.
 */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #clock: BackgroundClock;
  #stopped = false;

  constructor(clock: BackgroundClock) {
    this.#clock = clock;
  }

  run(work: () => Promise<void>): void {
    if (this.#stopped) return;
    const started = this.#clock.detached ? this.#clock.detached(work) : work();
    const running: Promise<void> = started
      .catch((failure) => {
        if (!this.#stopped)
          queueMicrotask(() => {
            throw failure;
          });
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  stop(): void {
    this.#stopped = true;
  }
}
