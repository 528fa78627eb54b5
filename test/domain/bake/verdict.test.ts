import { describe, expect, it } from 'vitest';
import type { AlarmReading } from '../../../functions/domain/bake/alarms.ts';
import {
  type Baseline,
  baselineWindow,
  judgeBaseline,
  type MetricReading,
  warnOfBaseline,
} from '../../../functions/domain/bake/baseline.ts';
import { lookBack } from '../../../functions/domain/bake/metric-verdict.ts';
import { badLimit, usualValue } from '../../../functions/domain/bake/metrics.ts';
import { judgeBake } from '../../../functions/domain/bake/verdict.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { BakeMetric } from '../../../functions/domain/request/metric.ts';
import { hour, request, saturday } from '../sample.ts';
import { seenOf } from '../seen.ts';

const minute = 60_000;
const cpu: BakeMetric = { name: 'CPUUtilization', worse: 'higher', floor: 40, ratio: 2 };
const writes: BakeMetric = { name: 'WriteLatency', worse: 'higher', floor: 0.02, ratio: 3 };
const clients: BakeMetric = { name: 'DatabaseConnections', worse: 'lower', floor: 5, ratio: 2 };

describe('from which value on is a minute bad?', () => {
  it.each<[metric: BakeMetric, usual: number, limit: number | null, why: string]>([
    [cpu, 30, 60, 'twice the usual'],
    [cpu, 5, 40, 'under the floor an idle database may do what it likes'],
    [cpu, 60, 92, 'four fifths of the way to 100 %, since it cannot double'],
    [cpu, 95, 99, 'the same for a database that was always busy'],
    [writes, 0.02, 0.06, 'three times the usual'],
    [writes, 0, 0.02, 'a database that did not write: the floor'],
    [{ ...cpu, name: 'DBLoad' }, 60, 120, 'twice the usual of what is no percentage'],
    [clients, 40, 20, 'half of the clients'],
    [clients, 5, 2.5, 'just so many that half of them count'],
    [clients, 4, null, 'so few clients mean nothing'],
  ])('$name, usually %d: past %d, %s', (metric, usual, limit) => {
    const found = badLimit(metric, usual);
    if (limit === null || found === null) expect(found).toBe(limit);
    else expect(found).toBeCloseTo(limit, 10);
  });
});

/** Points a minute apart, the oldest first; null: a minute without a point. The first is at `from`. */
const series = (name: string, values: (number | null)[], from: number): MetricReading => ({
  name,
  seen: read(
    values.flatMap((value, index) => (value === null ? [] : [{ at: from + index * minute, value }])),
  ),
});

describe('what was usual?', () => {
  it.each<[worse: 'higher' | 'lower', values: number[], usual: number]>([
    ['higher', [1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 9],
    ['lower', [1, 20, 30, 40, 50, 60, 70, 80, 90, 100], 1],
    ['higher', [7], 7],
  ])('%s is worse, of %j: %d', (worse, values, usual) => {
    expect(
      usualValue(
        { worse },
        values.map((value, index) => ({ at: index, value })),
      ),
    ).toBe(usual);
  });
});

describe('the baseline', () => {
  const before = saturday - 10 * minute;
  it.each<[what: string, reading: MetricReading[], says: string | number]>([
    ['has what five points or more show', [series('WriteLatency', [1, 2, 3, 2, 1], before)], 3],
    ['misses what has four', [series('WriteLatency', [1, 2, 3, 2], before)], 'CloudWatch has 4 points'],
    [
      'counts no value that is none',
      [series('WriteLatency', [1, 2, 3, 2, Number.NaN], before)],
      'has 4 points',
    ],
    [
      'misses what cannot be read',
      [{ name: 'WriteLatency', seen: unreadable('AccessDenied') }],
      'AccessDenied',
    ],
    ['misses what was not read', [], 'it was not read'],
  ])('%s', (_what, readings, says) => {
    const { usual, missing } = judgeBaseline([writes], readings, saturday);
    if (typeof says === 'number') expect([usual.WriteLatency?.value, missing]).toEqual([says, {}]);
    else expect([usual, missing.WriteLatency]).toEqual([{}, expect.stringContaining(says)]);
  });

  it('is of each metric by its own points', () => {
    const readings = [series('CPUUtilization', times(5, 30), before), series('WriteLatency', [1], before)];
    expect(judgeBaseline([cpu, writes], readings, saturday)).toEqual({
      takenAt: new Date(saturday).toISOString(),
      usual: { CPUUtilization: { value: 30, points: 5 } },
      missing: { WriteLatency: 'CloudWatch has 1 points of the last 60 minutes, and 5 are needed' },
    });
    expect(
      judgeBaseline([cpu], [series('CPUUtilization', [...times(5, 30), Number.NaN], before)], 0),
    ).toMatchObject({
      usual: { CPUUtilization: { value: 30, points: 5 } },
    });
  });

  it('is of the hour before the running minute', () => {
    expect(baselineWindow(saturday + 59_999)).toEqual({ since: saturday - hour, until: saturday });
  });

  it('warns with every reason, or with that of the task', () => {
    expect(warnOfBaseline({ usual: {}, missing: {} })).toEqual([]);
    const missing = { DBLoad: 'no points', ReadLatency: 'AccessDenied' };
    expect(warnOfBaseline({ usual: {}, missing })[0]).toMatchObject({
      rule: 'bake-baseline',
      severity: 'warning',
    });
    expect(warnOfBaseline({ usual: {}, missing })[0]?.message).toContain(
      'DBLoad: no points; ReadLatency: AccessDenied',
    );
    const because = JSON.stringify({ errorMessage: 'out of time', trace: [] });
    expect(warnOfBaseline({ usual: {}, missing: {}, because })[0]?.message).toContain('(out of time)');
  });
});

/** Good is 0.01 s, bad 0.5 s: usual was 0.01 s, so more than 0.03 s is bad. */
const [good, bad] = [0.01, 0.5];
const baseline: Baseline = {
  takenAt: new Date(saturday).toISOString(),
  usual: { WriteLatency: { value: 0.01, points: 60 } },
  missing: {},
};
const alarm = (state: string): AlarmReading[] => [
  { name: 'errors', seen: read({ state, actionsEnabled: true }) },
];

interface Look {
  /** Of WriteLatency, a minute each, from the beginning of the bake. */
  minutes?: (number | null)[];
  alarms?: AlarmReading[];
  metrics?: MetricReading[];
  baseline?: Baseline;
  /** The bake takes 10 minutes and began at a whole one; so many minutes have passed. */
  after?: number;
  isLast?: boolean;
}

function look({ minutes = [], after = 13, isLast = false, ...more }: Look) {
  const since = saturday;
  return judgeBake({
    bake: request({ bake: { minutes: 10, metrics: [writes], alarms: more.alarms ? ['errors'] : [] } }).bake,
    alarms: more.alarms ?? [],
    baseline: more.baseline ?? baseline,
    metrics: more.metrics ?? [series('WriteLatency', minutes, since)],
    time: { since, until: since + 10 * minute, now: since + after * minute },
    isLast,
  });
}

const times = (count: number, value: number | null) => Array.from({ length: count }, () => value);
const ten = times(10, good);

describe('what does the bake say?', () => {
  it.each<[verdict: string, when: string, what: Look]>([
    ['pass', 'every minute was good', { minutes: ten }],
    ['pass', 'four bad minutes passed', { minutes: [good, ...times(4, bad), ...times(5, good)] }],
    ['pass', 'four minutes are missing', { minutes: [good, ...times(4, null), ...times(5, good)] }],
    [
      'pass',
      'bad minutes had good ones between them',
      { minutes: [bad, bad, bad, good, bad, bad, bad, good, bad, good] },
    ],
    ['not-yet', 'every minute is good, and the time is not over', { minutes: times(5, good), after: 6 }],
    ['not-yet', 'nothing is there yet, early in the bake', { minutes: [], after: 6 }],
    ['not-yet', 'the last minute is not there yet', { minutes: times(9, good) }],
    [
      'not-yet',
      'the last minutes are bad, and nobody knows whether that lasts',
      { minutes: [...times(8, good), bad, bad] },
    ],
    [
      'fail',
      'five minutes in a row are bad, in the midst of it',
      { minutes: [good, ...times(5, bad)], after: 7 },
    ],
    [
      'fail',
      'five minutes are bad with holes between them',
      { minutes: [bad, bad, null, bad, null, bad, bad], after: 8 },
    ],
    ['fail', 'it was sick and is well again', { minutes: [...times(5, bad), ...times(5, good)] }],
    [
      'fail',
      'it becomes sick while its end is waited for',
      { minutes: [...times(8, good), ...times(5, bad)], after: 15 },
    ],
    [
      'not-yet',
      'five minutes in a row are missing',
      { minutes: [good, ...times(5, null), ...times(4, good)] },
    ],
    [
      'undecided',
      'they still are, and nobody will look again',
      { minutes: [good, ...times(5, null), ...times(4, good)], isLast: true },
    ],
    ['undecided', 'there is no point at all', { minutes: [], isLast: true }],
    ['undecided', 'the last minute never came', { minutes: times(9, good), isLast: true }],
    ['undecided', 'the last minute is bad', { minutes: [...times(9, good), bad], isLast: true }],
    [
      'not-yet',
      'CloudWatch cannot be read',
      { metrics: [{ name: 'WriteLatency', seen: unreadable('AccessDenied') }] },
    ],
    [
      'undecided',
      'it still cannot be',
      { metrics: [{ name: 'WriteLatency', seen: unreadable('AccessDenied') }], isLast: true },
    ],
    [
      'undecided',
      'there is no baseline: no later look has one',
      { minutes: ten, baseline: { usual: {}, missing: { WriteLatency: 'no points' } } },
    ],
    [
      'undecided',
      'the baseline could not be taken',
      { minutes: ten, baseline: { usual: {}, missing: {}, because: 'Lambda.Unknown' } },
    ],
    [
      'not-yet',
      'there is no baseline, early in the bake',
      { minutes: [good], baseline: { usual: {}, missing: {} }, after: 2 },
    ],
    ['fail', 'an alarm fires, whatever the metrics are', { minutes: ten, alarms: alarm('ALARM') }],
    ['not-yet', 'an alarm has no data', { minutes: ten, alarms: alarm('INSUFFICIENT_DATA') }],
    [
      'not-yet',
      'an alarm has no data and there is no baseline: the alarm may still fire',
      { baseline: { usual: {}, missing: {} }, alarms: alarm('INSUFFICIENT_DATA') },
    ],
    [
      'undecided',
      'an alarm never had data',
      { minutes: ten, alarms: alarm('INSUFFICIENT_DATA'), isLast: true },
    ],
    ['pass', 'alarms and metrics are fine', { minutes: ten, alarms: alarm('OK') }],
  ])('%s: %s', (verdict, _when, what) => {
    expect(look(what).kind).toBe(verdict);
  });

  it('does not believe points from before the cut or from the future', () => {
    const metrics = [series('WriteLatency', times(5, bad), saturday - 5 * minute)];
    expect(look({ metrics, after: 6 }).kind).toBe('not-yet');
    expect(look({ metrics: [series('WriteLatency', times(5, bad), saturday + hour)], after: 6 }).kind).toBe(
      'not-yet',
    );
  });

  it('compares nothing in less than two minutes, nor without metrics', () => {
    const time = { since: saturday, until: saturday, now: saturday };
    const facts = { alarms: [], baseline: { usual: {}, missing: {} }, metrics: [], isLast: false };
    expect(
      judgeBake({ ...facts, time, bake: request({ bake: { minutes: 2, metrics: [writes] } }).bake }).kind,
    ).toBe('undecided');
    for (const bake of [{ minutes: 0 }, { minutes: 1.9 }, { minutes: 60, metrics: [] }])
      expect(judgeBake({ ...facts, time, bake: request({ bake }).bake })).toEqual({
        kind: 'pass',
        compared: {},
      });
  });

  it('ends at no unreadable time', () => {
    const facts = { alarms: [], baseline, metrics: [], isLast: true };
    const time = { since: saturday, until: Number.NaN, now: saturday };
    expect(judgeBake({ ...facts, time, bake: request({ bake: { metrics: [] } }).bake }).kind).toBe('not-yet');
  });

  it('takes the value at the limit for good', () => {
    expect(look({ minutes: times(10, 0.03) }).kind).toBe('pass');
  });

  it('believes the point of this very minute, and in whatever order the points are listed', () => {
    expect(look({ minutes: times(5, bad), after: 4 }).kind).toBe('fail');
    const listed = read(
      [3, 0, 4, 1, 2].map((ago) => ({ at: saturday + ago * minute, value: ago < 4 ? bad : 0.9 })),
    );
    expect(look({ metrics: [{ name: 'WriteLatency', seen: listed }], after: 6 })).toMatchObject({
      because: expect.stringContaining('from 2026-11-21 08:00 UTC on, 0.9 s at the worst'),
    });
  });

  it('has its end when its time is up, and asks for the last whole minute then', () => {
    expect(look({ minutes: times(9, good), after: 10 }).kind).toBe('not-yet');
    expect(look({ minutes: ten, after: 10 }).kind).toBe('pass');
  });

  it('judges a metric by its own points alone', () => {
    const metrics = [series('Other', times(10, bad), saturday), series('WriteLatency', ten, saturday)];
    expect(look({ metrics }).kind).toBe('pass');
  });

  const lost: MetricReading[] = [{ name: 'WriteLatency', seen: unreadable('AccessDenied') }];
  const none: Baseline = { usual: {}, missing: {} };
  it.each<[because: string, what: Look]>([
    ['watched until 2026-11-21T08:10:00.000Z', { after: 6 }],
    [
      'watched until 2026-11-21T08:10:00.000Z; alarm errors is INSUFFICIENT_DATA',
      { after: 6, alarms: alarm('INSUFFICIENT_DATA') },
    ],
    ['alarm errors is in ALARM', { minutes: ten, alarms: alarm('ALARM') }],
    [
      'alarm errors is in ALARM; WriteLatency was over 0.03 s in 5 minutes from 2026-11-21 08:00 UTC on, 0.5 s at the worst; on blue 0.01 s was usual',
      { minutes: times(5, bad), alarms: alarm('ALARM') },
    ],
    [
      'alarm errors is INSUFFICIENT_DATA; WriteLatency could not be read: AccessDenied',
      { metrics: lost, alarms: alarm('INSUFFICIENT_DATA') },
    ],
    ['WriteLatency could not be read: it was not asked for', { metrics: [] }],
    ['WriteLatency has no point since the cut', {}],
    [
      'WriteLatency is 0.5 s at 2026-11-21 08:09 UTC, past 0.03 s, and it is not known whether that lasts',
      { minutes: [...times(9, good), bad] },
    ],
    [
      'WriteLatency shows no good minute between 2026-11-21 08:01 UTC and 2026-11-21 08:06 UTC',
      { minutes: [good, ...times(5, null), ...times(4, good)] },
    ],
    ['there is no baseline of WriteLatency: none was taken', { minutes: ten, baseline: none }],
    [
      'there is no baseline of WriteLatency: no points',
      { minutes: ten, baseline: { ...none, missing: { WriteLatency: 'no points' } } },
    ],
    [
      'there is no baseline of WriteLatency: out of time',
      { minutes: ten, baseline: { ...none, because: '{"errorMessage":"out of time"}' } },
    ],
  ])('says: %s', (because, what) => {
    const verdict = look(what);
    expect(verdict.kind !== 'pass' && seenOf(verdict)).toBe(because);
  });

  it('tells nothing of after the cut where there was no point', () => {
    expect(look({ minutes: [], isLast: true })).toMatchObject({
      compared: { WriteLatency: { before: 0.01, after: null, points: 0 } },
    });
  });

  it('tells what was seen, what is usual, and since when', () => {
    expect(look({ minutes: [good, ...times(4, bad), 0.7], after: 7 })).toMatchObject({
      because:
        'WriteLatency was over 0.03 s in 5 minutes from 2026-11-21 08:01 UTC on, 0.7 s at the worst; on blue 0.01 s was usual',
    });
    expect(look({ minutes: ten })).toMatchObject({
      compared: { WriteLatency: { before: 0.01, after: 0.01, points: 10 } },
    });
    expect(look({ minutes: times(4, good), isLast: true })).toMatchObject({
      because: 'WriteLatency has no point since 2026-11-21 08:04 UTC',
    });
  });
});

describe('what a look asks for', () => {
  it.each([
    ['what is new, while the bake goes on', 1, hour],
    ['everything of the last day, at its end', 0, 24 * hour],
    ['the same where its end cannot be read', Number.NaN, 24 * hour],
  ])('%s', (_, left, asked) => {
    expect(lookBack({ now: saturday, until: saturday + left })).toBe(asked);
  });
});

describe('clients that have fallen away', () => {
  const usual = { DatabaseConnections: { value: 40, points: 60 } };
  const say = (minutes: number[]) =>
    judgeBake({
      bake: request({ bake: { minutes: 10, metrics: [clients] } }).bake,
      alarms: [],
      baseline: { usual, missing: {} },
      metrics: [series('DatabaseConnections', minutes, saturday)],
      time: { since: saturday, until: saturday + 10 * minute, now: saturday + 7 * minute },
      isLast: false,
    });

  it('are a failure when less than half is back after five minutes', () => {
    expect(say([0, 0, 3, 3, 19])).toMatchObject({
      kind: 'fail',
      because: expect.stringContaining('under 20 in 5 minutes from 2026-11-21 08:00 UTC on, 0 at the worst'),
    });
    expect(say([0, 0, 3, 3, 20]).kind).toBe('not-yet');
  });
});
