import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../virtual-clock.ts';
import { ClockedRetries } from '../../wire/clocked-retries.ts';

/** No pause is drawn: what time passes, passes in the SDK. */
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => vi.restoreAllMocks());

it('lets no time of the run pass while the SDK waits for a timer of the machine, whatever sleeps beside it', async () => {
  const clock = new VirtualClock();
  const retries = new ClockedRetries(clock, 3);
  const passed: number[] = [];
  const call = async () => {
    const besides = clock.sleep(1_000);
    const token = await retries.acquireInitialRetryToken('');
    const since = clock.now();
    await retries.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' });
    passed.push(clock.now() - since);
    await besides;
  };
  for (let tried = 0; tried < 5; tried += 1) await clock.run(() => clock.during('function', call));
  expect(passed).toEqual([0, 0, 0, 0, 0]);
});
