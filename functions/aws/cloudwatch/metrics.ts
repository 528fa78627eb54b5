import { GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../clients/cloudwatch.ts';

/** Metrics of one database over one time, as CloudWatch names them (namespace AWS/RDS). */
export interface MetricQuery {
  metrics: string[];
  dimensions: Record<string, string>;
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
  periodSeconds: number;
  /** What of a period counts. */
  statistic: 'Average' | 'Maximum' | 'Minimum';
}

/** One metric. A period without data has no point. */
export interface Series {
  /** Newest first; `at` is the beginning of the period. */
  points: { at: number; value: number }[];
  /** `StatusCode` where it is not `Complete`: `InternalError`, `Forbidden`, or `PartialData` that does not go on. */
  faulty?: string;
}

/** Reads metrics (`GetMetricData`), in the order of the query, with every page. One call answers up to 500 of them. */
export async function readMetrics(query: MetricQuery): Promise<Series[]> {
  const found = query.metrics.map((): Series => ({ points: [] }));
  let NextToken: string | undefined;
  do {
    if (found.length === 0) break;
    const page = await cloudWatch().send(new GetMetricDataCommand({ ...asInput(query), NextToken }));
    for (const result of page.MetricDataResults ?? []) add(found, result);
    NextToken = page.NextToken;
  } while (NextToken);
  for (const { points } of found) points.sort((a, b) => b.at - a.at);
  return found;
}

/** A series that goes on on the next page is `PartialData` on this one, so the last page that names it decides. */
function add(found: Series[], { Id, Timestamps = [], Values = [], StatusCode }: MetricDataResult): void {
  const series = found[Number(Id?.slice(1))];
  if (!series) return;
  for (const [index, at] of Timestamps.entries())
    series.points.push({ at: at.getTime(), value: Values[index] ?? Number.NaN });
  delete series.faulty;
  if (StatusCode !== 'Complete') series.faulty = StatusCode ?? 'no status';
}

function asInput({ metrics, dimensions, since, until, periodSeconds, statistic }: MetricQuery) {
  return {
    StartTime: new Date(since),
    EndTime: new Date(until),
    ScanBy: 'TimestampDescending' as const,
    MetricDataQueries: metrics.map((metric, index) => ({
      // An id begins with a small letter.
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/RDS',
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: periodSeconds,
        Stat: statistic,
      },
    })),
  };
}
