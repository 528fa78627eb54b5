import type { MetricReading } from '../../domain/bake/baseline.ts';
import { metricPeriodSeconds } from '../../domain/bake/metrics.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import { isRead, read, unreadable } from '../../domain/model/reading.ts';
import type { BakeMetric } from '../../domain/request/metric.ts';
import { readMetrics } from '../cloudwatch/metrics.ts';
import { asSide, readSideAgain } from '../rds/side.ts';
import { attempt } from '../readings.ts';

/**
 * Metrics of the writer of a side over a time. A series belongs to a name, and the cut gives the name of production to another
 * database: so the writer is found by the side's resource id, under the name that it has now, and the time must not reach
 * across the cut. After a failover of Aurora it is the new writer, of all that time.
 * @param isFresh false: the writer that the run knows will do, if there is anything of it
 */
export async function readMetricsOfSide(
  kind: Database['kind'],
  side: Pick<Side, 'resourceId' | 'members'>,
  metrics: BakeMetric[],
  time: { since: number; until: number },
  { isFresh = true }: { isFresh?: boolean } = {},
): Promise<MetricReading[]> {
  const names = metrics.map(({ name }) => name);
  // CloudWatch refuses a time that ends before it begins.
  if (names.length === 0 || !(time.since < time.until)) return names.map(noPoints);
  const known = isFresh ? undefined : writerOf(side);
  const found = known ? await readMetricsOfInstance(known, names, time) : [];
  if (found.some(({ seen }) => isRead(seen) && seen.value.length > 0)) return found;
  const raw = await attempt(readSideAgain(kind, side));
  if ('unreadable' in raw) return names.map((name) => ({ name, seen: raw }));
  const writer = raw.value && writerOf(asSide(raw.value));
  if (!writer) return names.map((name) => ({ name, seen: unreadable('the database has no writer now') }));
  return writer === known ? found : readMetricsOfInstance(writer, names, time);
}

/** Metrics of one instance by the name that it has now. Averages, as a minute of RDS has one point. */
export async function readMetricsOfInstance(
  instance: string,
  names: string[],
  time: { since: number; until: number },
): Promise<MetricReading[]> {
  const series = await attempt(
    readMetrics({
      metrics: names,
      dimensions: { DBInstanceIdentifier: instance },
      ...time,
      periodSeconds: metricPeriodSeconds,
      statistic: 'Average',
    }),
  );
  if ('unreadable' in series) return names.map((name) => ({ name, seen: series }));
  return names.map((name, index) => {
    const { points = [], faulty } = series.value[index] ?? {};
    return { name, seen: faulty ? unreadable(`CloudWatch says ${faulty}`) : read(points) };
  });
}

/** Name of the instance that takes writes. */
export function writerOf({ members }: Pick<Side, 'members'>): string | undefined {
  return members.find(({ role }) => role === 'writer')?.id;
}

const noPoints = (name: string): MetricReading => ({ name, seen: read([]) });
