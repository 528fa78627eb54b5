import type { MetricReading } from '../../domain/bake/baseline.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import { worstOf } from '../../domain/read-ramp/step.ts';
import type { BakeMetric } from '../../domain/request/metric.ts';
import { asSide, readSideAgain } from '../rds/side.ts';
import { readMetricsOfInstance } from './bake-metrics.ts';

/** Metrics of the databases of a side that readers come to, the worst of each minute: its readers, or its writer where it has none. */
export async function readMetricsOfReaders(
  kind: Database['kind'],
  side: Pick<Side, 'resourceId' | 'members'>,
  metrics: BakeMetric[],
  time: { since: number; until: number },
): Promise<MetricReading[]> {
  const raw = await readSideAgain(kind, side);
  const members = raw ? asSide(raw).members : [];
  const readers = members.filter(({ role }) => role === 'reader');
  const names = metrics.map(({ name }) => name);
  const all = await Promise.all(
    (readers.length > 0 ? readers : members).map(({ id }) => readMetricsOfInstance(id, names, time)),
  );
  return metrics.map((metric, index) =>
    worstOf(
      metric,
      all.flatMap((readings) => readings[index] ?? []),
    ),
  );
}
