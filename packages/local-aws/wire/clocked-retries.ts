import { MAXIMUM_RETRY_DELAY, Retry, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';
import type { LocalClock } from '../clock.ts';

/** The SDK pauses on the machine's clock while it renews a token: it is given no pause, which is a timer of a millisecond all the same. */
const noPause = { setDelayBase: () => {}, computeNextBackoffDelay: () => 0 };

/**
 * The retries of an SDK client as they are by default, with their pauses on the clock of the run. That clock stands still while the SDK
 * waits for a timer of the machine: a call beside it that sleeps would be over sooner or later, as the machine is busy or not.
 */
export class ClockedRetries extends StandardRetryStrategy {
  readonly #clock: LocalClock;

  constructor(clock: LocalClock, maxAttempts: number) {
    super({ maxAttempts, backoff: noPause });
    this.#clock = clock;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    errorInfo: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const renew = () => super.refreshRetryTokenForRetry(token, errorInfo);
    const next = await this.#clock.during('token of a retry', renew);
    await this.#clock.sleep(pauseBefore(next.getRetryCount(), errorInfo.errorType));
    return next;
  }
}

/** As the SDK's default: up to 50 ms, after throttling up to 1 s, doubled with every attempt, at most 20 s. Milliseconds. */
function pauseBefore(attempt: number, errorType: RetryErrorInfo['errorType']): number {
  const base = errorType === 'THROTTLING' ? Retry.throttlingDelay() : Retry.delay();
  return Math.random() * Math.min(base * 2 ** (attempt - 1), MAXIMUM_RETRY_DELAY);
}
