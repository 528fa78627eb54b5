import { isRead } from '../model/reading.ts';
import { showTime } from '../model/text.ts';
import { paces } from '../model/tick.ts';
import type { BakeMetric } from '../request/metric.ts';
import { type Baseline, type MetricReading, missingBaseline } from './baseline.ts';
import {
  badLimit,
  isBad,
  metricPeriodSeconds,
  minutesToBeSick,
  type Point,
  showValue,
  usualValue,
} from './metrics.ts';

/** The verdict on one metric of new production. */
export interface MetricVerdict {
  name: string;
  /** `unclear` is not healthy. */
  kind: 'healthy' | 'sick' | 'unclear';
  because: string;
  /** More points may still make it clear. */
  mayChange: boolean;
  /** What was usual on blue and is on new production; null where it is not known. */
  before: number | null;
  after: number | null;
  points: number;
}

/** The bake, milliseconds since the epoch. */
export interface BakeTime {
  since: number;
  until: number;
  now: number;
}

const day = 86_400_000;
/** Four of the longest ticks: nothing that was sick is out of sight before it was seen, also where looks fail and CloudWatch is late. */
const recent = 4 * 1_000 * paces.bake.ceiling;

/**
 * What a look asks for, milliseconds: while the bake goes on what is new, and at its end the last day at most, since minutes that lack may come to
 * light then. A day is 1,440 points a metric, so that ten metrics fit into one answer of CloudWatch (100,800 points).
 */
export function lookBack({ until, now }: Pick<BakeTime, 'until' | 'now'>): number {
  return now < until ? recent : day;
}

/** One minute of the bake. */
interface Minute {
  at: number;
  kind: 'good' | 'bad' | 'missing';
  value?: number;
}

const period = metricPeriodSeconds * 1_000;

/**
 * Compares one metric of new production with the baseline. It is sick as soon as `minutesToBeSick` bad points came without a good
 * one between them; minutes without a point do not help it. It is healthy at the end of the bake only: then the last whole minute
 * must be there and good, and nowhere may so many minutes in a row be without a good point.
 */
export function judgeMetric(
  metric: BakeMetric,
  baseline: Baseline,
  reading: MetricReading | undefined,
  time: BakeTime,
): MetricVerdict {
  const usual = baseline.usual[metric.name]?.value;
  const points = believable(reading, time);
  const known = {
    name: metric.name,
    before: usual ?? null,
    after: points.length > 0 ? usualValue(metric, points) : null,
    points: points.length,
  };
  const unclear = (because: string, mayChange: boolean): MetricVerdict => ({
    ...known,
    kind: 'unclear',
    because,
    mayChange,
  });
  if (usual === undefined) return unclear(missingBaseline(baseline, metric.name) ?? '', false);
  const limit = badLimit(metric, usual);
  const minutes = listMinutes(points, time, (value) => isBad(metric, limit, value));
  const sick = findSickness(minutes);
  if (sick) {
    return {
      ...known,
      kind: 'sick',
      because: describeSickness(metric, usual, limit, sick),
      mayChange: false,
    };
  }
  if (!reading || !isRead(reading.seen)) {
    return unclear(
      `${metric.name} could not be read: ${reading && 'unreadable' in reading.seen ? reading.seen.unreadable : 'it was not asked for'}`,
      true,
    );
  }
  const doubt = findDoubt(metric, minutes, limit);
  if (doubt) return unclear(doubt, true);
  return { ...known, kind: 'healthy', because: `${metric.name} is as before the cut`, mayChange: true };
}

/** Points of whole minutes inside the bake, or after it while its end is waited for; oldest first. */
function believable(reading: MetricReading | undefined, { since, now }: BakeTime): Point[] {
  if (!reading || !isRead(reading.seen)) return [];
  return reading.seen.value
    .filter(({ at, value }) => at >= since && at <= now && Number.isFinite(value))
    .sort((a, b) => a.at - b.at);
}

/** Every minute from the beginning to the newest point, and at the end of the bake to its last whole minute at least. */
function listMinutes(
  points: Point[],
  { since, until, now }: BakeTime,
  bad: (value: number) => boolean,
): Minute[] {
  const first = Math.ceil(since / period) * period;
  const lastOfBake = now >= until ? Math.floor(until / period) * period - period : Number.NEGATIVE_INFINITY;
  const last = Math.max(lastOfBake, points.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
  const byMinute = new Map(points.map(({ at, value }) => [Math.floor(at / period) * period, value]));
  const minutes: Minute[] = [];
  for (let at = first; at <= last; at += period) {
    const value = byMinute.get(at);
    minutes.push(
      value === undefined ? { at, kind: 'missing' } : { at, kind: bad(value) ? 'bad' : 'good', value },
    );
  }
  return minutes;
}

/** The bad minutes that make it sick, oldest first. */
function findSickness(minutes: Minute[]): Minute[] | undefined {
  let bad: Minute[] = [];
  for (const minute of minutes) {
    if (minute.kind === 'good') bad = [];
    if (minute.kind === 'bad') bad = [...bad, minute];
    if (bad.length >= minutesToBeSick) return bad;
  }
  return undefined;
}

/** What keeps the metric from being healthy; asked at the end of the bake. */
function findDoubt({ name }: BakeMetric, minutes: Minute[], limit: number | null): string | undefined {
  const newest = minutes.at(-1);
  if (!newest) return `${name} has no point of the bake`;
  if (newest.kind === 'missing') return `${name} has no point since ${sinceWhen(minutes)}`;
  if (newest.kind === 'bad')
    return `${name} is ${showValue(name, newest.value ?? Number.NaN)} at ${clockTime(newest.at)}, past ${showValue(name, limit ?? Number.NaN)}, and it is not known whether that lasts`;
  const hole = findHole(minutes);
  return (
    hole && `${name} shows no good minute between ${clockTime(hole.from)} and ${clockTime(hole.to + period)}`
  );
}

function sinceWhen(minutes: Minute[]): string {
  const last = minutes.findLast(({ kind }) => kind !== 'missing');
  return last ? clockTime(last.at + period) : 'the cut';
}

/** So many minutes in a row without a good point that nobody knows what was in them. */
function findHole(minutes: Minute[]): { from: number; to: number } | undefined {
  let from: number | undefined;
  for (const { at, kind } of minutes) {
    if (kind === 'good') from = undefined;
    else from ??= at;
    if (from !== undefined && at - from >= (minutesToBeSick - 1) * period) return { from, to: at };
  }
  return undefined;
}

function describeSickness(metric: BakeMetric, usual: number, limit: number | null, sick: Minute[]): string {
  const { name, worse } = metric;
  const worst = sick.reduce((a, b) => ((worse === 'higher') === (b.value ?? 0) > (a.value ?? 0) ? b : a));
  const side = worse === 'higher' ? 'over' : 'under';
  return `${name} was ${side} ${showValue(name, limit ?? Number.NaN)} in ${sick.length} minutes from ${clockTime(sick[0]?.at ?? Number.NaN)} on, ${showValue(name, worst.value ?? Number.NaN)} at the worst; on blue ${showValue(name, usual)} was usual`;
}

const clockTime = (at: number) => showTime(new Date(at).toISOString());
