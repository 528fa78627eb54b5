import type { Sample } from '../metric-store.ts';
import { invalidParameter } from './cloudwatch-refusals.ts';

export interface Point {
  at: number;
  samples: number[];
}

/** Periods CloudWatch accepts, in seconds: 1, 5, 10, 30 and whole minutes. */
export function checkPeriod(period: number | undefined): number {
  if (period !== undefined && ([1, 5, 10, 30].includes(period) || (period > 0 && period % 60 === 0)))
    return period;
  throw invalidParameter(`Period must be 1, 5, 10, 30 or a multiple of 60: ${period}`);
}

/** Puts samples into periods, which begin at whole multiples of their length; empty ones are left out. Newest last. */
export function intoPeriods(samples: Sample[], periodSeconds: number): Point[] {
  const length = periodSeconds * 1_000;
  const points: Point[] = [];
  // Samples mostly come in their order, so the last period is mostly theirs; of other orders the periods are sorted and joined.
  for (const { at, value } of samples) {
    const begin = Math.floor(at / length) * length;
    const last = points.at(-1);
    if (last?.at === begin) last.samples.push(value);
    else points.push({ at: begin, samples: [value] });
  }
  const isSorted = points.every(({ at }, index) => at > (points[index - 1]?.at ?? Number.NEGATIVE_INFINITY));
  return isSorted ? points : joined(points.sort((a, b) => a.at - b.at));
}

/** Points of the same period as one. */
function joined(sorted: Point[]): Point[] {
  const points: Point[] = [];
  for (const point of sorted) {
    const last = points.at(-1);
    if (last?.at === point.at) last.samples.push(...point.samples);
    else points.push(point);
  }
  return points;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const statistics: Record<string, (values: number[]) => number> = {
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Sum: sum,
  SampleCount: (values) => values.length,
};

/** A statistic by its CloudWatch name, percentiles (`p99`, `p99.9`) included. */
export function statistic(name: string | undefined): (values: number[]) => number {
  const known = statistics[name ?? ''];
  if (known) return known;
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) throw invalidParameter(`The statistic ${name} is not supported`);
  return (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const rank = Math.ceil((percent / 100) * sorted.length);
    return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
  };
}
