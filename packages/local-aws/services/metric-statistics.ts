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
  const periods = new Map<number, number[]>();
  for (const { at, value } of samples) {
    const begin = Math.floor(at / length) * length;
    const values = periods.get(begin);
    if (values) values.push(value);
    else periods.set(begin, [value]);
  }
  return [...periods].map(([at, values]) => ({ at, samples: values })).sort((a, b) => a.at - b.at);
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
