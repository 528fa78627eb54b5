import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bakeTick,
  countTicks,
  greenTick,
  isLastLook,
  isLookAtRds,
  paces,
  tickSeconds,
  windowTick,
} from '../../../functions/domain/model/tick.ts';
import {
  historyBudget,
  longestRunSeconds,
  planLongestRun,
} from '../../../functions/domain/request/longest-run.ts';
import { hour, request, saturday } from '../sample.ts';

const minute = 60_000;

describe('the usual tick', () => {
  const wait = { since: 0, deadline: 240 * hour };
  it.each([
    ['at first', 0, 30],
    ['after 10 minutes', 10 * minute, 30],
    ['after 20 minutes', 20 * minute, 60],
    ['after an hour', hour, 180],
    ['after 10 hours', 10 * hour, 1_800],
    ['after a day', 24 * hour, 1_800],
    ['a minute before the deadline', wait.deadline - minute, 60],
    ['half a second before the deadline', wait.deadline - 500, 15],
    ['past the deadline', wait.deadline + hour, 15],
  ])('%s: %i ms waited, %i s', (_when, waited, seconds) => {
    expect(tickSeconds(waited, wait)).toBe(seconds);
  });

  it('ten groups look ten times less often', () => {
    expect(tickSeconds(hour, wait, paces.usual, 10)).toBe(1_800);
    expect(tickSeconds(24 * hour, wait, paces.usual, 10)).toBe(18_000);
  });
});

describe('ticks of a window and of a bake', () => {
  it.each([
    ['a window looks when it opens', windowTick(59 * minute, { since: 0, deadline: 3 * hour }, hour), 60],
    [
      'a window that opens later sleeps an hour',
      windowTick(2 * hour, { since: 0, deadline: 12 * hour }, 10 * hour),
      3_600,
    ],
    ['an open window begins young', windowTick(hour, { since: 0, deadline: 3 * hour }, hour), 30],
    ['a window that was open before', windowTick(2 * hour, { since: 2 * hour, deadline: 3 * hour }, 0), 30],
    ['a bake looks when it ends', bakeTick(59 * minute, { since: 0, deadline: 2 * hour }, hour), 60],
    ['a bake waits on for alarms', bakeTick(hour, { since: 0, deadline: 75 * minute }, hour), 180],
  ])('%s', (_what, seconds, expected) => {
    expect(seconds).toBe(expected);
  });
});

describe('the tick of green', () => {
  const wait = { since: 0, deadline: 24 * hour };
  it.each([
    ['nothing is expected in the first quarter of an hour', 0, undefined, 900],
    ['afterwards it looks as usual', 4 * hour, undefined, 720],
    ['and not sooner than after 7.5 minutes', 2 * hour, undefined, 450],
    ['green that is nearly ready is looked at as if the wait were young', 2 * hour, 2 * hour - minute, 30],
    ['not past the deadline', 24 * hour - minute, 23 * hour, 60],
  ])('%s', (_, now, nearlySince, seconds) => {
    expect(greenTick(now, wait, nearlySince)).toBe(seconds);
  });
});

describe('the last look of a bake, which has to decide', () => {
  const wait = { since: 0, deadline: 2 * hour };
  it.each([
    ['the bake goes on', hour - 1, hour, false],
    ['it has just ended, and there is time for another look', hour, hour, false],
    ['it has ended, and the next look would be at the deadline', 2 * hour - 5 * minute, hour, true],
    ['it has ended, and the next look would come before', 2 * hour - 6 * minute, hour, false],
    ['it ends at the deadline', 2 * hour, 2 * hour, true],
    ['it goes on to the deadline', 2 * hour - 1, 2 * hour, false],
  ])('%s', (_, now, until, last) => {
    expect(isLastLook(now, wait, until)).toBe(last);
  });
});

describe('the looks of a bake that ask RDS', () => {
  // No multiple of five minutes.
  const since = 100_000;
  const until = since + 24 * hour;
  const wait = { since, deadline: until };

  it('are twelve in the first hour, where it looks every minute at first', () => {
    let looks = 0;
    for (let now = since + 1_500; now < since + hour; now += 1_000 * bakeTick(now, wait, until) + 150)
      looks += isLookAtRds(now, wait, until) ? 1 : 0;
    expect(looks).toBeLessThanOrEqual(12);
    expect(looks).toBeGreaterThanOrEqual(11);
  });

  it('the first look is one, and never are five minutes and a tick without, whatever wakes the run', () => {
    const wakings = fc.array(fc.integer({ min: 0, max: 8 * 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(wakings, (minutes) => {
        const woken = minutes.map((at) => at * minute + 17_000).sort((one, other) => one - other);
        let last = since;
        for (let now = since + 1_500; now < since + 8 * hour; ) {
          const tick = 1_000 * bakeTick(now, wait, until);
          if (isLookAtRds(now, wait, until)) last = now;
          expect(now - last).toBeLessThanOrEqual(5 * minute + tick);
          now = Math.min(now + tick + 150, woken.find((at) => at > now) ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

it.each([
  [90, 3],
  [91, 4],
  [0, 0],
])('a wait of %i s with a look every 30 s has %i looks', (seconds, looks) => {
  expect(countTicks(seconds, () => 30)).toBe(looks);
});

describe('every tick', () => {
  const pace = fc.constantFrom(...Object.values(paces));
  const moment = fc.integer({ min: 0, max: 2_000 * hour });
  const together = fc.integer({ min: 1, max: 10 });

  it('is whole, never under 15 s, never past the deadline by more, never over its ceiling', () => {
    fc.assert(
      fc.property(moment, moment, moment, pace, together, (since, now, deadline, kind, waits) => {
        const seconds = tickSeconds(now, { since, deadline }, kind, waits);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(15);
        expect(seconds).toBeLessThanOrEqual(Math.max(15, kind.ceiling * waits));
        expect(seconds * 1_000).toBeLessThanOrEqual(Math.max(15_000, deadline - now + 1_000));
      }),
    );
  });

  it('costs a twentieth of the time waited at most, once ten minutes have passed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10 * minute, max: 2_000 * hour }), (waited) => {
        expect(tickSeconds(waited, { since: 0, deadline: 1e12 }) * 20_000).toBeLessThanOrEqual(waited);
      }),
    );
  });
});

describe('the history of a run in which nothing is ever heard', () => {
  it('with the defaults: at most 2,500 events and 40 an hour', () => {
    const { events, seconds } = planLongestRun(request(), saturday);
    expect(events).toBeLessThanOrEqual(2_500 + (40 * seconds) / 3_600);
  });

  const hours = fc.double({ min: 0.1, max: 336, noNaN: true });
  it('however long green and the approvals take: at most 3,000, 50 a group, and 40 an hour', () => {
    fc.assert(
      fc.property(hours, hours, fc.integer({ min: 1, max: 10 }), (ready, answer, groups) => {
        const names = Array.from({ length: groups }, (_, index) => ({ name: `g${index}` }));
        const asked = request({
          target: { engineVersion: '17.10', readyWithinHours: Math.min(ready, 168) },
          approval: { withinHours: answer, groups: names },
        });
        const { events, seconds } = planLongestRun(asked, saturday);
        expect(events).toBeLessThanOrEqual(3_000 + 50 * groups + (40 * seconds) / 3_600);
        expect(events).toBeLessThanOrEqual(historyBudget);
        expect(seconds).toBeLessThanOrEqual(longestRunSeconds);
      }),
      { numRuns: 60 },
    );
  });

  it('the longest of everything is more than one execution holds', () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-test';
    const hook = { arn, callback: true, withinMinutes: 10_080 };
    const greedy = request({
      target: { engineVersion: '17.10', readyWithinHours: 168 },
      approval: { withinHours: 336, groups: [{ name: 'a' }, { name: 'b' }] },
      window: { opensAt: '2027-01-20T00:00:00Z', closesAt: '2027-01-21T00:00:00Z' },
      lag: { withinMinutes: 1_440 },
      bake: { minutes: 10_080 },
      switchover: { timeoutSeconds: 3_600 },
      oldBlue: { deleteAfterDays: 60 },
      hooks: { changeGreen: hook, testGreen: hook, verifyProduction: hook },
    });
    const { events, seconds } = planLongestRun(greedy, saturday);
    expect(events > historyBudget || seconds > longestRunSeconds).toBe(true);
  });
});
