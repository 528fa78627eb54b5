import { MAXIMUM_RETRY_DELAY, Retry, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';
import type { Clock } from '../clock.ts';

/** The SDK pauses on the machine's clock while it renews a token: it is given no pause at all. */
const noPause = { setDelayBase: () => {}, computeNextBackoffDelay: () => 0 };

/** The retries of an SDK client as they are by default, with their pauses on the clock of the run. */
export class ClockedRetries extends StandardRetryStrategy {
  readonly #clock: Clock;

  constructor(clock: Clock, maxAttempts: number) {
    super({ maxAttempts, backoff: noPause });
    this.#clock = clock;
  }

  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    errorInfo: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    const next = await super.refreshRetryTokenForRetry(token, errorInfo);
    await this.#clock.sleep(pauseBefore(next.getRetryCount(), errorInfo.errorType));
    return next;
  }
}

/** As the SDK's default: up to 50 ms, after throttling up to 1 s, doubled with every attempt, at most 20 s. Milliseconds. */
function pauseBefore(attempt: number, errorType: RetryErrorInfo['errorType']): number {
  const base = errorType === 'THROTTLING' ? Retry.throttlingDelay() : Retry.delay();
  return Math.random() * Math.min(base * 2 ** (attempt - 1), MAXIMUM_RETRY_DELAY);
}
