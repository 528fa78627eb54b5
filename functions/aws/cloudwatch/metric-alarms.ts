import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../clients/cloudwatch.ts';

/** Every metric alarm of the account and Region, but for those of scaling policies. */
export async function readMetricAlarms(): Promise<MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch().send(
      new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken }),
    );
    found.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  // Those of scaling policies belong to Application Auto Scaling.
  return found.filter(({ AlarmName = '' }) => !AlarmName.startsWith('TargetTracking-'));
}

/** Whether a dimension of it has the value, or an expression of it names it, as `DB_PERF_INSIGHTS('RDS', 'db-ABC', …)` does. */
export function watches({ Dimensions = [], Metrics = [] }: MetricAlarm, id: string): boolean {
  const dimensions = [
    ...Dimensions,
    ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []),
  ];
  return (
    dimensions.some(({ Value }) => Value === id) ||
    Metrics.some(({ Expression = '' }) => quoted(Expression).includes(id))
  );
}

/** Texts between quotation marks. */
const quoted = (expression: string): string[] =>
  [...expression.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '');
