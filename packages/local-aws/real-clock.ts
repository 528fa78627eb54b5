import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/**
 * Real time. Servers, sockets and writers live in it whatever clock a run uses: a run that is played at sixty times
 * the speed must not ask a server sixty times as often. Its times have a resolution below a millisecond.
 */
export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/** Says whether the time for something is up. */
export type IsLate = () => boolean;

/** Late after this much real time from now. */
export function lateAfter(milliseconds: number): IsLate {
  const deadline = realClock.now() + milliseconds;
  return () => realClock.now() > deadline;
}
