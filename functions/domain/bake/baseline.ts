import type { Finding } from '../model/deployment.ts';
import { messageOf } from '../model/failure.ts';
import { isRead, type Reading } from '../model/reading.ts';
import type { BakeMetric } from '../request/metric.ts';
import { metricPeriodSeconds, type Point, usualValue } from './metrics.ts';

/** `$baseline` of the run: what was usual on blue just before the cut. By the names of metrics; small numbers only. */
export interface Baseline {
  /** ISO time; absent while nothing was taken. */
  takenAt?: string;
  usual: Record<string, { value: number; points: number }>;
  /** Metrics that cannot be compared, and why. */
  missing: Record<string, string>;
  /** Why there is none at all: the task that takes it failed. */
  because?: string;
}

/** What one metric of one database was, newest first. */
export interface MetricReading {
  name: string;
  seen: Reading<Point[]>;
}

/** So much time before the cut counts: an hour shows what comes every hour. Seconds. */
export const baselineSeconds = 3_600;

/** Fewer points of that hour say nothing of what is usual. */
export const pointsForBaseline = 5;

/** The baseline of these readings. What cannot be read or has too few points is missing, with the reason. */
export function judgeBaseline(metrics: BakeMetric[], readings: MetricReading[], now: number): Baseline {
  const baseline: Baseline = { takenAt: new Date(now).toISOString(), usual: {}, missing: {} };
  for (const metric of metrics) {
    const because = whyNoBaseline(readings.find(({ name }) => name === metric.name));
    const points = pointsOf(readings, metric.name);
    if (because !== undefined) baseline.missing[metric.name] = because;
    else baseline.usual[metric.name] = { value: usualValue(metric, points), points: points.length };
  }
  return baseline;
}

/** Why these readings make no baseline; undefined when they do. */
export function whyNoBaseline(reading: MetricReading | undefined): string | undefined {
  if (!reading) return 'it was not read';
  if (!isRead(reading.seen)) return `it could not be read: ${reading.seen.unreadable}`;
  const count = reading.seen.value.filter(({ value }) => Number.isFinite(value)).length;
  if (count >= pointsForBaseline) return undefined;
  return `CloudWatch has ${count} points of the last ${baselineSeconds / 60} minutes, and ${pointsForBaseline} are needed`;
}

function pointsOf(readings: MetricReading[], name: string): Point[] {
  const seen = readings.find((reading) => reading.name === name)?.seen;
  return seen && isRead(seen) ? seen.value.filter(({ value }) => Number.isFinite(value)) : [];
}

/** Why a metric has no baseline, as the bake reports it; undefined when there is a baseline. */
export function missingBaseline(baseline: Baseline, name: string): string | undefined {
  if (baseline.usual[name]) return undefined;
  const because =
    baseline.because === undefined ? baseline.missing[name] : messageOf({ cause: baseline.because });
  return `there is no baseline of ${name}: ${because ?? 'none was taken'}`;
}

/** The warning about a baseline that the bake cannot use: one, with every reason. */
export function warnOfBaseline(baseline: Partial<Baseline> = {}): Finding[] {
  const missing = Object.entries(baseline.missing ?? {}).map(([name, because]) => `${name}: ${because}`);
  const reasons = baseline.because ? [messageOf({ cause: baseline.because })] : missing;
  if (reasons.length === 0) return [];
  return [
    {
      rule: 'bake-baseline',
      severity: 'warning',
      message: `blue could not be measured before the cut (${reasons.join('; ')}), so a bake cannot compare new production with it`,
    },
  ];
}

/** The time of which the baseline is: whole periods, the running one left out. Milliseconds since the epoch. */
export function baselineWindow(now: number): { since: number; until: number } {
  const period = metricPeriodSeconds * 1_000;
  const until = Math.floor(now / period) * period;
  return { since: until - baselineSeconds * 1_000, until };
}
