import type { BakeMetric } from '../request/metric.ts';

/** One measurement; `at` is the beginning of its period, in milliseconds since the epoch. */
export interface Point {
  at: number;
  value: number;
}

/** RDS publishes a point a minute; CloudWatch shows it some minutes later. */
export const metricPeriodSeconds = 60;

/**
 * A metric is sick only after so many bad minutes without a good one between them. Five: clients of a healthy database have
 * connected again and caches are warm after one or two, and a way back that is still open can wait that long.
 */
export const minutesToBeSick = 5;

/**
 * A bake that is shorter compares nothing: points begin at whole minutes, so two minutes are the shortest time that is sure to hold
 * one whole point.
 */
export const shortestComparedBake = 2;

/** The metrics that a bake of this request compares: none when it is too short to hold a point. */
export function comparedMetrics(bake: { minutes: number; metrics: BakeMetric[] }): BakeMetric[] {
  return bake.minutes >= shortestComparedBake ? bake.metrics : [];
}

/**
 * What was usual for a metric: the value that nine tenths of the points did not pass towards the bad side. Not the mean: a
 * database with a busy ten minutes in every hour would be sick in each of them.
 */
export function usualValue({ worse }: Pick<BakeMetric, 'worse'>, points: Point[]): number {
  const sorted = points.map(({ value }) => value).sort((a, b) => a - b);
  const place = Math.ceil(sorted.length * (worse === 'higher' ? 0.9 : 0.1)) - 1;
  return sorted[Math.max(0, place)] ?? Number.NaN;
}

/**
 * The value past which a point is bad; null where nothing can be bad.
 *
 * - `higher`: the usual value times the ratio, at least the floor. So an idle database may do ten times of nothing.
 * - a percentage cannot double from 60 %, so it is bad at four fifths of the way to 100 % at the latest: from 60 % at 92 %.
 * - `lower`: the usual value divided by the ratio. What was usually under the floor is too little to fall.
 */
export function badLimit({ name, worse, ratio, floor }: BakeMetric, usual: number): number | null {
  if (worse === 'lower') return usual < floor ? null : usual / ratio;
  const multiple = isPercentage(name) ? Math.min(usual * ratio, usual + (100 - usual) * 0.8) : usual * ratio;
  return Math.max(floor, multiple);
}

/** Whether a point is bad. */
export function isBad({ worse }: Pick<BakeMetric, 'worse'>, limit: number | null, value: number): boolean {
  if (limit === null) return false;
  return worse === 'higher' ? value > limit : value < limit;
}

/** Metrics of AWS/RDS with the unit Percent that are worse when they rise. */
function isPercentage(name: string): boolean {
  return name === 'CPUUtilization';
}

const units: Record<string, string> = { CPUUtilization: ' %', ReadLatency: ' s', WriteLatency: ' s' };

/** A value for people, to three digits, with its unit where it is one of the usual metrics. */
export function showValue(name: string, value: number): string {
  return `${Number(value.toPrecision(3))}${units[name] ?? ''}`;
}
