import { describe, expect, it } from 'vitest';
import { type HeldWrites, judgeStart } from '../../../functions/domain/way-back/start-budget.ts';

const now = Date.parse('2026-11-29T03:00:00Z');
const held = (fromMinutesAgo: number, toMinutesAgo: number): HeldWrites => ({
  executionArn: 'arn',
  since: now - fromMinutesAgo * 60_000,
  until: now - toMinutesAgo * 60_000,
});

describe('another start of going back', () => {
  it.each([
    ['nothing was held', [], undefined],
    ['one that held a quarter of an hour, ten minutes ago', [held(25, 10)], undefined],
    ['one that ended a minute ago', [held(2, 1)], '2026-11-29T03:01:00.000Z'],
    ['two that held a quarter of an hour each', [held(45, 30), held(25, 10)], '2026-11-29T03:26:00.000Z'],
    ['two, the first of them more than an hour ago', [held(90, 75), held(25, 10)], undefined],
    ['one that ran over the edge of the hour', [held(75, 35)], '2026-11-29T03:06:00.000Z'],
  ])('after %s', (_what, before, from) => {
    const verdict = judgeStart(before, now);
    expect(verdict.kind).toBe(from === undefined ? 'ready' : 'no');
    if (verdict.kind === 'no') expect(verdict.because).toMatch(new RegExp(`start again from ${from} on$`));
  });

  it('leaves nobody without writes for more than 35 minutes in an hour, however often it is tried', () => {
    const tries: HeldWrites[] = [];
    for (let at = now; at < now + 6 * 3_600_000; at += 60_000)
      if (at >= (tries.at(-1)?.until ?? 0) && judgeStart(tries, at).kind === 'ready')
        tries.push({ executionArn: 'arn', since: at, until: at + 15 * 60_000 });
    const inHour = (end: number) =>
      tries.reduce(
        (sum, t) => sum + Math.max(0, Math.min(t.until, end) - Math.max(t.since, end - 3_600_000)),
        0,
      );
    const most = Math.max(...tries.map(({ until }) => inHour(until)));
    expect(tries.length).toBeGreaterThan(6);
    expect(most).toBeLessThanOrEqual(35 * 60_000);
  });
});
