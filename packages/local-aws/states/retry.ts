import type { Retrier } from './definition.ts';
import { firstMatch, type StateError } from './errors.ts';

/**
 * The retries of one stay in a state. Each retrier counts its own attempts, whatever other errors come in between;
 * only the first retrier that names an error is asked ("Handling errors in Step Functions workflows").
 */
export class Retries {
  readonly #retriers: readonly Retrier[] | undefined;
  readonly #random: () => number;
  readonly #used = new Map<Retrier, number>();

  constructor(retriers: readonly Retrier[] | undefined, random: () => number) {
    this.#retriers = retriers;
    this.#random = random;
  }

  /** Seconds to wait before the next attempt, which then counts; undefined when there is none. */
  next(error: StateError): number | undefined {
    const retrier = firstMatch(this.#retriers, error);
    if (retrier === undefined) return undefined;
    const used = this.#used.get(retrier) ?? 0;
    if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
    this.#used.set(retrier, used + 1);
    const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
    const seconds = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds);
    return retrier.JitterStrategy === 'FULL' ? this.#random() * seconds : seconds;
  }
}
