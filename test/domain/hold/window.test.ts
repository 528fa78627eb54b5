import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findWindow,
  findWindowFault,
  judgeWindow,
  spreadWindow,
  weeklySpans,
} from '../../../functions/domain/hold/window.ts';
import { wallTime } from '../../../functions/domain/hold/zone-time.ts';
import { type Request, requestSchema } from '../../../functions/domain/request/request.ts';

const minute = 60_000;
const hour = 60 * minute;
const at = Date.parse;

function settings(window: Request['window'], more: object = {}): Request {
  return requestSchema.parse({ database: 'orders', target: { engineVersion: '17.10' }, window, ...more });
}

const weekly = (timeZone: string, days: string[], from: string, to: string) =>
  ({ timeZone, days, from, to }) as Extract<Request['window'], { timeZone: string }>;

describe('the next weekly window', () => {
  // 2026-11-21 is a Saturday. Europe/Berlin is UTC+1 then; New York UTC-5; Kolkata UTC+5:30.
  it.each([
    ['later today', '2026-11-21T08:00Z', 'Europe/Berlin', ['Sat'], '20:00', '22:00', '2026-11-21T19:00Z', 2],
    ['open now', '2026-11-21T19:10Z', 'Europe/Berlin', ['Sat'], '20:00', '22:00', '2026-11-21T19:00Z', 2],
    [
      'too late today',
      '2026-11-21T20:50Z',
      'Europe/Berlin',
      ['Sat'],
      '20:00',
      '22:00',
      '2026-11-28T19:00Z',
      2,
    ],
    [
      'over midnight',
      '2026-11-21T08:00Z',
      'Europe/Berlin',
      ['Sat'],
      '23:00',
      '01:00',
      '2026-11-21T22:00Z',
      2,
    ],
    [
      'began yesterday',
      '2026-11-21T23:30Z',
      'Europe/Berlin',
      ['Sat'],
      '23:00',
      '04:00',
      '2026-11-21T22:00Z',
      5,
    ],
    [
      'west of UTC',
      '2026-11-21T08:00Z',
      'America/New_York',
      ['Fri', 'Sun'],
      '02:00',
      '04:00',
      '2026-11-22T07:00Z',
      2,
    ],
    [
      'half-hour zone',
      '2026-11-21T08:00Z',
      'Asia/Kolkata',
      ['Mon'],
      '01:00',
      '03:30',
      '2026-11-22T19:30Z',
      2.5,
    ],
    ['round the clock', '2026-11-21T08:00Z', 'UTC', ['Sun'], '00:00', '00:00', '2026-11-22T00:00Z', 24],
  ])('%s', (_name, now, zone, days, from, to, opensAt, hours) => {
    const window = findWindow(settings(weekly(zone, days, from, to)), at(now));
    expect(window?.opensAt).toBe(new Date(at(opensAt)).toISOString());
    expect(window?.closesAt).toBe(new Date(at(opensAt) + hours * hour).toISOString());
  });
});

describe('the weekly windows of three weeks', () => {
  const opens = (now: string) =>
    weeklySpans(weekly('UTC', ['Sat'], '02:00', '04:00'), at(now)).map(({ opensAt }) =>
      new Date(opensAt).toISOString().slice(0, 10),
    );

  it('begin with one that is open, and go on to the same day three weeks later', () => {
    expect(opens('2026-11-21T03:59Z')).toEqual(['2026-11-21', '2026-11-28', '2026-12-05', '2026-12-12']);
  });

  it('leave out one that closes just now', () => {
    expect(opens('2026-11-21T04:00Z')).toEqual(['2026-11-28', '2026-12-05', '2026-12-12']);
  });
});

describe('nights on which clocks change in Berlin', () => {
  // 2026-03-29 02:00 → 03:00 (01:00 UTC), 2026-10-25 03:00 → 02:00 (01:00 UTC).
  it.each([
    [
      'spring, around the jump',
      '2026-03-28T12:00Z',
      '01:00',
      '04:00',
      '2026-03-29T00:00Z',
      '2026-03-29T02:00Z',
    ],
    ['spring, opens in it', '2026-03-28T12:00Z', '02:30', '05:00', '2026-03-29T01:00Z', '2026-03-29T03:00Z'],
    ['spring, closes in it', '2026-03-28T12:00Z', '00:30', '02:30', '2026-03-28T23:30Z', '2026-03-29T01:00Z'],
    [
      'autumn, around the jump',
      '2026-10-24T12:00Z',
      '01:00',
      '04:00',
      '2026-10-24T23:00Z',
      '2026-10-25T03:00Z',
    ],
    ['autumn, opens in it', '2026-10-24T12:00Z', '02:30', '05:00', '2026-10-25T01:30Z', '2026-10-25T04:00Z'],
    ['autumn, closes in it', '2026-10-24T12:00Z', '00:30', '02:30', '2026-10-24T22:30Z', '2026-10-25T00:30Z'],
    ['autumn, within it', '2026-10-24T12:00Z', '02:05', '02:55', '2026-10-25T01:05Z', '2026-10-25T01:55Z'],
  ])('%s', (_name, now, from, to, opensAt, closesAt) => {
    const [span] = weeklySpans(weekly('Europe/Berlin', ['Sun'], from, to), at(now));
    expect(span && [new Date(span.opensAt), new Date(span.closesAt)]).toEqual([
      new Date(opensAt),
      new Date(closesAt),
    ]);
  });

  it('a window that lies in the skipped hour does not take place that night', () => {
    const [span] = weeklySpans(weekly('Europe/Berlin', ['Sun'], '02:05', '02:55'), at('2026-03-28T12:00Z'));
    expect(span && new Date(span.opensAt)).toEqual(new Date('2026-04-05T00:05Z'));
  });
});

describe('for every zone, time and night', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Chatham',
    'Africa/Casablanca',
    'Asia/Kathmandu',
    'America/Santiago',
  );
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const days = fc.uniqueArray(fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), {
    minLength: 1,
  });
  const moment = fc.integer({ min: at('2024-01-01Z'), max: at('2032-01-01Z') });

  it('a window is in the future, in order, and its wall clock shows a time of the window from its opening to its close', () => {
    fc.assert(
      fc.property(zones, days, time, time, moment, fc.nat(999), (zone, on, from, to, now, part) => {
        let last = 0;
        for (const { opensAt, closesAt } of weeklySpans(weekly(zone, on, from, to), now)) {
          expect(opensAt).toBeLessThan(closesAt);
          expect(closesAt).toBeGreaterThan(now);
          expect(opensAt).toBeGreaterThan(last);
          last = opensAt;
          for (const instant of [
            opensAt,
            opensAt + Math.floor(((closesAt - opensAt) * part) / 1000),
            closesAt - 1,
          ]) {
            const shown = new Date(wallTime(zone, instant)).toISOString().slice(11, 16);
            const inside = from < to ? shown >= from && shown < to : shown >= from || shown < to;
            expect(inside, `${shown} in ${from}-${to} ${zone}`).toBe(true);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('the window that is found always holds a whole cut, after now', () => {
    fc.assert(
      fc.property(zones, days, time, time, moment, (zone, on, from, to, now) => {
        const request = settings(weekly(zone, on, from, to));
        const window = findWindow(request, now);
        if (window) {
          const begin = Math.max(now, at(window.opensAt));
          expect(begin + 20 * minute).toBeLessThanOrEqual(at(window.closesAt));
          expect(at(window.approveBy)).toBeGreaterThan(now);
          expect(judgeWindow(window, 300, begin).kind).toBe('ready');
        } else {
          expect(findWindowFault(request, now)).toBeDefined();
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('how long an answer may take', () => {
  const now = at('2026-11-21T08:00Z');
  it('as long as the request says, when the window is far', () => {
    const window = findWindow(settings(weekly('UTC', ['Wed'], '02:00', '04:00')), now);
    expect(window?.approveBy).toBe('2026-11-22T08:00:00.000Z');
  });
  it('until there is just room for the cut and 15 minutes, when the window is near', () => {
    const window = findWindow(settings(weekly('UTC', ['Sat'], '08:00', '12:00')), now);
    expect(window?.approveBy).toBe('2026-11-21T11:40:00.000Z');
  });
  it('a window that leaves people less than an hour is passed over', () => {
    const window = findWindow(settings(weekly('UTC', ['Sat'], '07:00', '09:00')), now);
    expect(window?.opensAt).toBe('2026-11-28T07:00:00.000Z');
  });
  it('a window that leaves them an hour and just room for the cut is taken', () => {
    const window = findWindow(settings(weekly('UTC', ['Sat'], '07:00', '09:20')), now);
    expect(window?.opensAt).toBe('2026-11-21T07:00:00.000Z');
  });
  it('nobody is asked: the same window is taken', () => {
    const window = findWindow(
      settings(weekly('UTC', ['Sat'], '07:00', '09:00'), { approval: { required: false } }),
      now,
    );
    expect(window?.opensAt).toBe('2026-11-21T07:00:00.000Z');
  });
  it('without a window: open from now on, with a day to spare', () => {
    expect(findWindow(settings(undefined), now)).toEqual({
      opensAt: '2026-11-21T08:00:00.000Z',
      closesAt: '2026-11-23T09:00:00.000Z',
      approveBy: '2026-11-22T08:00:00.000Z',
    });
  });
});

describe('many runs of one window', () => {
  const now = at('2026-11-21T08:00Z');
  const spread = (of: ReturnType<typeof settings>, share: number, runs: number) => {
    const window = findWindow(of, now);
    return window && spreadWindow(window, of, share, runs);
  };
  const long = settings(weekly('UTC', ['Sun'], '02:00', '06:00'));
  const short = settings(weekly('UTC', ['Sun'], '02:00', '02:24'));

  it.each([
    ['the first of them when the window opens', long, 0, 20, '2026-11-22T02:00:00.000Z'],
    ['another in the middle of its first five minutes', long, 0.5, 15, '2026-11-22T02:02:30.000Z'],
    ['of 300 one every twenty seconds', long, 0.5, 300, '2026-11-22T02:50:00.000Z'],
    ['of more than fit, within half of the time to spare', long, 0.5, 5_000, '2026-11-22T02:55:00.000Z'],
    ['in a window with little time, within half of that', short, 0.5, 20, '2026-11-22T02:01:00.000Z'],
    ['without a window at once', settings(undefined), 0.5, 20, '2026-11-21T08:00:00.000Z'],
  ])('begin: %s', (_name, of, share, runs, opensAt) => {
    expect(spread(of, share, runs)?.opensAt).toBe(opensAt);
    expect(spread(of, share, runs)?.closesAt).toBe(findWindow(of, now)?.closesAt);
  });
});

describe('windows that can hold no cut', () => {
  const now = at('2026-11-21T08:00Z');
  const absolute = (opensAt: string, closesAt: string) => ({ opensAt, closesAt });
  it.each([
    [
      'an unknown zone',
      weekly('Europe/Atlantis', ['Sat'], '02:00', '04:00'),
      /time zone "Europe\/Atlantis" is not known/,
    ],
    ['a short one', weekly('UTC', ['Sat'], '02:00', '02:15'), /20 minutes that a cut/],
    ['times exchanged', absolute('2026-11-22T04:00:00Z', '2026-11-22T02:00:00Z'), /before it opens/],
    [
      'a short absolute one',
      absolute('2026-11-22T02:00:00Z', '2026-11-22T02:10:00Z'),
      /shorter than the 20 minutes/,
    ],
    [
      'one of no length',
      absolute('2026-11-22T02:00:00Z', '2026-11-22T02:00:00Z'),
      /closes .* before it opens .* exchange the two times/,
    ],
    [
      'one that is open and about to close',
      absolute('2026-11-21T07:00:00Z', '2026-11-21T08:19:59Z'),
      /no window is left that holds the 20 minutes/,
    ],
    ['a past one', absolute('2026-11-20T02:00:00Z', '2026-11-20T04:00:00Z'), /no window is left/],
  ])('%s', (_name, window, message) => {
    expect(findWindowFault(settings(window), now)).toMatch(message);
  });
  it.each([
    ['none', undefined],
    ['an absolute one', absolute('2026-11-22T02:00:00+01:00', '2026-11-22T04:00:00+01:00')],
    ['one of just the time of a cut', absolute('2026-11-22T02:00:00Z', '2026-11-22T02:20:00Z')],
    ['an open one of which just that is left', absolute('2026-11-21T07:00:00Z', '2026-11-21T08:20:00Z')],
    ['a weekly one', weekly('Asia/Tokyo', ['Sun'], '23:30', '01:00')],
  ])('%s is fine', (_name, window) => {
    expect(findWindowFault(settings(window), now)).toBeUndefined();
  });
});

describe('may the cut begin?', () => {
  const window = {
    opensAt: '2026-11-22T02:00:00.000Z',
    closesAt: '2026-11-22T04:00:00.000Z',
    approveBy: '2026-11-22T03:40:00.000Z',
  };
  const open = { kind: 'ready', facts: { closesAt: window.closesAt } };
  const early = { kind: 'not-yet', because: 'the window opens at 2026-11-22T02:00:00.000Z' };
  const late = {
    kind: 'no',
    because: 'the window closes at 2026-11-22T04:00:00.000Z, which leaves less than the 20 minutes of a cut',
  };
  it.each([
    ['2026-11-22T01:59:59.999Z', early],
    ['2026-11-22T02:00:00.000Z', open],
    ['2026-11-22T03:40:00.000Z', open],
    ['2026-11-22T03:40:00.001Z', late],
    ['2026-11-22T05:00:00.000Z', late],
  ])('at %s: %j', (now, verdict) => {
    expect(judgeWindow(window, 300, at(now))).toEqual(verdict);
  });
  it.each([{ closesAt: '' }, { opensAt: '' }])('never in a window that cannot be read: %j', (lost) => {
    expect(judgeWindow({ ...window, ...lost }, 300, at('2026-11-22T02:30:00Z'))).toEqual({
      kind: 'no',
      because: 'the window of this run cannot be read',
    });
  });
});
