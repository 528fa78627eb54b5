import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmReading } from '../../domain/bake/alarms.ts';
import { read } from '../../domain/model/reading.ts';
import { cloudWatch } from '../clients/cloudwatch.ts';
import { attempt } from '../readings.ts';

type Seen = { state: string; actionsEnabled: boolean };

/** The alarms of these names, at most 100, in this order (`DescribeAlarms`, metric and composite). */
export async function readAlarms(names: string[]): Promise<AlarmReading[]> {
  const all = await attempt(describeAlarms(names));
  return names.map((name) => ({
    name,
    seen: 'unreadable' in all ? all : read(all.value.get(name) ?? null),
  }));
}

async function describeAlarms(names: string[]): Promise<Map<string, Seen>> {
  const found = new Map<string, Seen>();
  let NextToken: string | undefined;
  do {
    if (names.length === 0) break;
    const page = await cloudWatch().send(
      new DescribeAlarmsCommand({
        AlarmNames: names,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
        NextToken,
      }),
    );
    for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
      found.set(alarm.AlarmName ?? '', {
        state: alarm.StateValue ?? '',
        actionsEnabled: alarm.ActionsEnabled ?? false,
      });
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
