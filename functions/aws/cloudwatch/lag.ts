import { lagMetric, lagPeriodSeconds, lagPointsNeeded } from '../../domain/hold/lag.ts';
import type { Deployment, LagReading, Side } from '../../domain/model/deployment.ts';
import type { CurveSpan, LagCurve } from '../../domain/run/lag-curve.ts';
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
  const { metric, unit, writer } = measured({ database, replication }, sides);
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

/** The whole curve of the lag, from one call (`GetMetricData`). Where CloudWatch has nothing, the last readings of the run itself. */
export async function readLagCurve({
  deployment,
  since,
  until,
  periodSeconds,
}: CurveSpan): Promise<LagCurve> {
  const { blue, green = blue } = deployment;
  const { metric, unit, writer } = measured(deployment, { blue, green });
  const curve = { metric, unit, since, until, periodSeconds };
  if (!writer) return { ...curve, points: [] };
  const [series] = await readMetrics({
    metrics: [metric],
    dimensions: { DBInstanceIdentifier: writer.id },
    since,
    until,
    periodSeconds,
    statistic: 'Maximum',
  });
  const found = series?.points.length ? series.points : (deployment.lag?.points ?? []);
  return { ...curve, points: found.filter(({ value }) => value >= 0).toReversed() };
}

function measured(
  { database, replication }: Pick<Deployment, 'database' | 'replication'>,
  sides: { blue: Side; green: Side },
) {
  const { metric, unit, side } = lagMetric(database.engine, replication);
  return { metric, unit, writer: sides[side].members.find(({ role }) => role === 'writer') };
}
