import { afterEach, expect, it } from 'vitest';
import { clock, useClock } from '../../functions/runtime/clock.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';

afterEach(() => useClock(undefined));

it('is the clock that the process was given', async () => {
  const given = new VirtualClock(0);
  useClock(given);
  await given.run(clock.sleep(60_000));
  expect(clock.now()).toBe(60_000);
});

it('is the system clock again once it is taken back', () => {
  useClock(new VirtualClock(0));
  useClock(undefined);
  expect(clock.now()).toBeGreaterThan(0);
});
