import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from './clients/cloudwatch.ts';

/** One metric of RDS, as CloudWatch names it. */
export interface MetricQuery {
  metric: string;
  dimensions: Record<string, string>;
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
  periodSeconds: number;
}

/** Maximum of each period, newest first (`GetMetricData`, namespace AWS/RDS). A period without data has no point. */
export async function readMetric(query: MetricQuery): Promise<{ at: number; value: number }[]> {
  const points: { at: number; value: number }[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch().send(new GetMetricDataCommand({ ...asInput(query), NextToken }));
    for (const { Timestamps = [], Values = [] } of page.MetricDataResults ?? [])
      for (const [index, at] of Timestamps.entries())
        points.push({ at: at.getTime(), value: Values[index] ?? Number.NaN });
    NextToken = page.NextToken;
  } while (NextToken);
  return points.sort((a, b) => b.at - a.at);
}

function asInput({ metric, dimensions, since, until, periodSeconds }: MetricQuery) {
  return {
    StartTime: new Date(since),
    EndTime: new Date(until),
    ScanBy: 'TimestampDescending' as const,
    MetricDataQueries: [
      {
        Id: 'lag',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/RDS',
            MetricName: metric,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: periodSeconds,
          Stat: 'Maximum',
        },
      },
    ],
  };
}
