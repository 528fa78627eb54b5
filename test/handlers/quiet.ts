import { afterEach, beforeEach } from 'vitest';
import { useClock } from '../../functions/runtime/clock.ts';
import { useLogSink } from '../../functions/runtime/log.ts';

/** A clock that sleeps in no time at all, and the lines that were logged. */
export function quietly(): { now: number; lines: Record<string, unknown>[] } {
  const state = { now: 0, lines: [] as Record<string, unknown>[] };
  beforeEach(() => {
    state.now = Date.UTC(2026, 10, 21, 12);
    state.lines = [];
    useClock({
      now: () => state.now,
      sleep: async (milliseconds) => {
        state.now += milliseconds;
      },
    });
    useLogSink((line) => state.lines.push(JSON.parse(line)));
  });
  afterEach(() => {
    useClock(undefined);
    useLogSink(undefined);
  });
  return state;
}
