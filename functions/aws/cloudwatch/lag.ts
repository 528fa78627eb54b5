import { lagMetric, lagPeriodSeconds, lagPointsNeeded } from '../../domain/hold/lag.ts';
import type { Deployment, LagReading, Side } from '../../domain/model/deployment.ts';
import { readMetrics } from './metrics.ts';

/**
 * The newest points of the metric that shows how far green is behind.
 * @param now milliseconds since the epoch
 */
export async function readLag(
  { database, replication }: Pick<Deployment, 'database' | 'replication'>,
  sides: { blue: Side; green: Side },
  now: number,
): Promise<LagReading> {
  const { metric, unit, side } = lagMetric(database.engine, replication);
  const writer = sides[side].members.find(({ role }) => role === 'writer');
  if (!writer) return { metric, unit, points: [] };
  // Twice the points that are needed, and the three periods by which the newest may be late.
  const span = (2 * lagPointsNeeded + 3) * lagPeriodSeconds * 1_000;
  const [series] = await readMetrics({
    metrics: [metric],
    dimensions: { DBInstanceIdentifier: writer.id },
    since: now - span,
    until: now,
    periodSeconds: lagPeriodSeconds,
    statistic: 'Maximum',
  });
  return { metric, unit, points: series?.points ?? [] };
}
