import { StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';
import type { Clock } from '../../functions/runtime/clock.ts';

/** The retries of an SDK client as they are by default, with their pauses on the clock of the run. */
export class ClockedRetries extends StandardRetryStrategy {
  readonly #clock: Clock;

  constructor(clock: Clock, maxAttempts: number) {
    super(maxAttempts);
    this.#clock = clock;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    errorInfo: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const next = await super.refreshRetryTokenForRetry(token, errorInfo);
    await this.#clock.sleep(next.getRetryDelay());
    return {
      getRetryCount: () => next.getRetryCount(),
      getRetryCost: () => next.getRetryCost(),
      getRetryDelay: () => 0,
    };
  }
}
