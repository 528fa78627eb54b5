import { DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
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

/** An alarm as CloudWatch describes it. */
export interface AlarmFacts {
  name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  state: string;
  actionsEnabled: boolean;
}

/** The alarms of these names that exist, at most 100 (`DescribeAlarms`). One that does not exist is not in the answer. */
export async function readAlarms(names: string[]): Promise<AlarmFacts[]> {
  if (names.length === 0) return [];
  const found: AlarmFacts[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch().send(
      new DescribeAlarmsCommand({
        AlarmNames: names,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
        NextToken,
      }),
    );
    for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
      found.push({
        name: alarm.AlarmName ?? '',
        state: alarm.StateValue ?? '',
        actionsEnabled: alarm.ActionsEnabled ?? false,
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
