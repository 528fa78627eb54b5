import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { alarms } from '../../../functions/aws/put-back/alarms.ts';
import { make } from '../../../functions/aws/put-back/make.ts';
import type { RawSide } from '../../../functions/aws/rds/side.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => cloudWatch.reset());

const side = (...ids: [name: string, id: string][]): RawSide => ({
  instances: ids.map(([DBInstanceIdentifier, DbiResourceId]) => ({ DBInstanceIdentifier, DbiResourceId })),
});
const former = side(['shop-old1', 'db-B1'], ['shop-a-old1', 'db-B2']);
const serving = side(['shop', 'db-G1']);

async function look(alarm: MetricAlarm, sides = { former, serving }) {
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [alarm] });
  return alarms({ ...sides, production: 'shop' });
}

const byId = (id: string): MetricAlarm => ({
  AlarmName: 'sessions',
  AlarmArn: 'arn:aws:cloudwatch:eu-west-1:1:alarm:sessions',
  StateValue: 'ALARM',
  Threshold: 3,
  AlarmActions: ['arn:aws:sns:eu-west-1:1:pages'],
  Dimensions: [
    { Name: 'DbiResourceId', Value: id },
    { Name: 'Host', Value: 'a' },
  ],
});

test('an alarm on the resource id of the former production watches that of the one that serves, with all else as it was', async () => {
  const [kept] = await look(byId('db-B1'));
  expect(kept).toMatchObject({
    what: 'alarm "sessions" of shop',
    state: 'lacking',
    because: 'it watches db-B1',
  });
  if (kept?.state === 'lacking' && kept.put) await make(kept.put);
  expect(cloudWatch.commandCalls(PutMetricAlarmCommand)[0]?.args[0].input).toEqual({
    AlarmName: 'sessions',
    Threshold: 3,
    AlarmActions: ['arn:aws:sns:eu-west-1:1:pages'],
    Dimensions: [
      { Name: 'DbiResourceId', Value: 'db-G1' },
      { Name: 'Host', Value: 'a' },
    ],
  });
  expect(await look(byId('db-G1'))).toEqual([{ what: 'alarm "sessions" of shop', state: 'present' }]);
});

test('an expression names a resource id as a whole, or does not name it', async () => {
  const expression = (id: string) => ({
    AlarmName: 'load',
    Metrics: [{ Id: 'load', Expression: `DB_PERF_INSIGHTS("RDS", '${id}', 'db.load.avg') > 2` }],
  });
  const [kept] = await look(expression('db-B1'));
  if (kept?.state === 'lacking' && kept.put) await make(kept.put);
  expect(cloudWatch.commandCalls(PutMetricAlarmCommand)[0]?.args[0].input).toEqual({
    AlarmName: 'load',
    Metrics: [{ Id: 'load', Expression: `DB_PERF_INSIGHTS("RDS", 'db-G1', 'db.load.avg') > 2` }],
  });
  expect(await look(expression('db-B10'))).toEqual([]);
});

test('an alarm on a replica that is not there any more is for a person', async () => {
  expect(await look(byId('db-B2'))).toEqual([
    {
      what: 'alarm "sessions" of shop',
      state: 'lacking',
      because: 'it watches db-B2, which has no counterpart: point it at another instance',
    },
  ]);
});

const byName = (Value: string): MetricAlarm => ({
  AlarmName: 'cpu',
  Dimensions: [{ Name: 'DBInstanceIdentifier', Value }],
});

test.each([
  ['by the name that production keeps', byName('shop')],
  ['by the name of old blue', byName('shop-old1')],
  ['on another database', byId('db-X')],
  ['of a scaling policy', { ...byId('db-B1'), AlarmName: 'TargetTracking-cluster:shop-AlarmHigh-1' }],
])('an alarm %s is left alone', async (_what, alarm) => {
  expect(await look(alarm)).toEqual([]);
});

test('where a record leads to a database of another name, alarms by name go with it', async () => {
  const [kept] = await look(byName('shop'), {
    former: side(['shop', 'db-G1']),
    serving: side(['shop-old1', 'db-B1']),
  });
  if (kept?.state === 'lacking' && kept.put) await make(kept.put);
  expect(cloudWatch.commandCalls(PutMetricAlarmCommand)[0]?.args[0].input).toEqual(byName('shop-old1'));
});
