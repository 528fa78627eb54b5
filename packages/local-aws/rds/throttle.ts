import { AwsError } from '../wire/service.ts';

/** A token bucket as RDS has it for an account and Region: 300 calls at once, 12 a second. */
export class Throttle {
  readonly #now: () => number;
  readonly #size: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;
  /** Calls that were turned away. */
  refused = 0;

  constructor(now: () => number, size = 300, perSecond = 12) {
    this.#now = now;
    this.#size = size;
    this.#perSecond = perSecond;
    this.#tokens = size;
    this.#filledAt = now();
  }

  /** Takes one call out of the bucket; an empty bucket refuses with `Throttling`. */
  admit(): void {
    const now = this.#now();
    this.#tokens = Math.min(this.#size, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.refused += 1;
      throw new AwsError('Throttling', 'Rate exceeded', 400);
    }
    this.#tokens -= 1;
  }
}
