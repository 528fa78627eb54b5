import { describe, expect, it } from 'vitest';
import type { Sample } from '../../metric-store.ts';
import { rdsMetrics } from '../../rds/metrics.ts';
import type { AlarmEvent } from '../../services/alarms.ts';
import { CloudWatchService } from '../../services/cloudwatch.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

const noon = Date.UTC(2026, 10, 21, 12);

function service(sources: ConstructorParameters<typeof CloudWatchService>[0]['sources'] = []) {
  const cloudwatch = new CloudWatchService({ clock: new VirtualClock(noon), sources });
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers field by field
  const call = async (operation: string, input: object = {}): Promise<any> =>
    cloudwatch.operations[operation]?.(input, { requestId: 'r', service: 'monitoring', operation });
  return { cloudwatch, call };
}

const query = (fields: object = {}) => ({
  Id: 'lag',
  MetricStat: {
    Metric: { Namespace: 'AWS/RDS', MetricName: 'ReplicaLag' },
    Period: 60,
    Stat: 'Maximum',
    ...fields,
  },
});
const window = (minutes: number) => ({
  StartTime: new Date(noon - minutes * minute),
  EndTime: new Date(noon),
});

/** One sample every 20 seconds of the last hour: the seconds since its beginning. */
const samples: Sample[] = Array.from({ length: 180 }, (_, n) => ({
  at: noon - 60 * minute + n * 20_000,
  value: n * 20,
}));

describe('GetMetricData', () => {
  const cases: [string, number, number[]][] = [
    ['Maximum', 60, [3580, 3520]],
    ['Minimum', 60, [3540, 3480]],
    ['Average', 60, [3560, 3500]],
    ['Sum', 60, [10_680, 10_500]],
    ['SampleCount', 60, [3, 3]],
    ['p50', 60, [3560, 3500]],
    ['Maximum', 1, [3580, 3560, 3540, 3520, 3500, 3480]],
  ];
  it.each(cases)('%s by %i s, newest first', async (Stat, Period, values) => {
    const { call } = service([() => samples]);
    const { MetricDataResults } = await call('GetMetricData', {
      MetricDataQueries: [query({ Stat, Period })],
      ...window(2),
    });
    expect(MetricDataResults).toMatchObject([{ Id: 'lag', Values: values, StatusCode: 'Complete' }]);
    expect(MetricDataResults[0].Timestamps).toHaveLength(values.length);
  });

  it('pages through the points of all series', async () => {
    const { call } = service([() => samples]);
    const seen: [string, number][] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const answer = await call('GetMetricData', {
        MetricDataQueries: [query(), { ...query(), Id: 'again' }],
        ...window(5),
        MaxDatapoints: 3,
        ScanBy: 'TimestampAscending',
        NextToken,
      });
      for (const { Id, Values } of answer.MetricDataResults)
        seen.push(...Values.map((value: number): [string, number] => [Id, value]));
      NextToken = answer.NextToken;
      pages += 1;
    } while (NextToken);
    const values = [3340, 3400, 3460, 3520, 3580];
    expect(seen).toEqual([
      ...values.map((value) => ['lag', value]),
      ...values.map((value) => ['again', value]),
    ]);
    expect(pages).toBe(4);
  });

  it('says something else, or nothing, when told to', async () => {
    const { cloudwatch, call } = service([() => samples]);
    const read = async () => {
      const answer = await call('GetMetricData', { MetricDataQueries: [query()], ...window(2) });
      return answer.MetricDataResults[0].Values;
    };
    const undo = cloudwatch.override({ metric: 'ReplicaLag', value: -1 });
    expect(await read()).toEqual([-1, -1]);
    cloudwatch.override({ metric: 'ReplicaLag', value: 'missing' });
    expect(await read()).toEqual([]);
    undo();
    expect(await read()).toEqual([]);
  });

  it('keeps what was put, by its dimensions', async () => {
    const { call } = service();
    const datum = (name: string, Value: number) => ({
      MetricName: 'Lost',
      Dimensions: [{ Name: 'Run', Value: name }],
      Timestamp: new Date(noon - minute),
      Value,
    });
    await call('PutMetricData', { Namespace: 'Viridian', MetricData: [datum('a', 1), datum('b', 2)] });
    const Metric = { Namespace: 'Viridian', MetricName: 'Lost', Dimensions: [{ Name: 'Run', Value: 'b' }] };
    const { Datapoints } = await call('GetMetricStatistics', {
      ...Metric,
      ...window(2),
      Period: 60,
      Statistics: ['Sum'],
    });
    expect(Datapoints).toMatchObject([{ Sum: 2 }]);
  });

  it.each([
    ['InvalidParameterValueException', [query({ Period: 45 })]],
    ['InvalidParameterValueException', [query({ Stat: 'Median' })]],
    ['ValidationError', [query(), query()]],
    ['ValidationError', [{ ...query(), Id: 'Lag' }]],
    ['ValidationError', [{ Id: 'sum', Expression: 'lag*2' }]],
  ])('refuses with %s: %o', async (name, MetricDataQueries) => {
    const { call } = service([() => samples]);
    await expect(call('GetMetricData', { MetricDataQueries, ...window(2) })).rejects.toMatchObject({ name });
  });
});

describe('alarms', () => {
  async function two() {
    const { cloudwatch, call } = service();
    const events: AlarmEvent[] = [];
    cloudwatch.onAlarm((event) => events.push(event));
    await call('PutMetricAlarm', { AlarmName: 'errors', MetricName: 'Errors', Threshold: 1 });
    await call('PutCompositeAlarm', { AlarmName: 'anything', AlarmRule: 'ALARM(errors)' });
    return { call, events };
  }

  it('begin without data; composite ones are shown only when their type is asked for', async () => {
    const { call } = await two();
    const AlarmNames = ['errors', 'anything'];
    const plain = await call('DescribeAlarms', { AlarmNames });
    expect(plain.MetricAlarms).toMatchObject([{ AlarmName: 'errors', StateValue: 'INSUFFICIENT_DATA' }]);
    expect(plain.CompositeAlarms).toEqual([]);
    const both = await call('DescribeAlarms', { AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
    expect(both.CompositeAlarms).toMatchObject([{ AlarmName: 'anything' }]);
  });

  it('tell each change of state once, and keep it when they are put again', async () => {
    const { call, events } = await two();
    for (let time = 0; time < 2; time += 1)
      await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'too many' });
    expect(events).toMatchObject([
      {
        'detail-type': 'CloudWatch Alarm State Change',
        detail: {
          alarmName: 'errors',
          state: { value: 'ALARM', reason: 'too many' },
          previousState: { value: 'INSUFFICIENT_DATA' },
        },
      },
    ]);
    await call('PutMetricAlarm', { AlarmName: 'errors', MetricName: 'Errors', Threshold: 2 });
    const { MetricAlarms } = await call('DescribeAlarms', { StateValue: 'ALARM' });
    expect(MetricAlarms).toMatchObject([{ AlarmName: 'errors', Threshold: 2 }]);
    await expect(call('SetAlarmState', { AlarmName: 'none', StateValue: 'OK' })).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
  });

  it('are paged', async () => {
    const { call } = service();
    for (let n = 10; n < 15; n += 1) await call('PutMetricAlarm', { AlarmName: `a${n}` });
    const first = await call('DescribeAlarms', { MaxRecords: 3 });
    const second = await call('DescribeAlarms', { MaxRecords: 3, NextToken: first.NextToken });
    const names = [...first.MetricAlarms, ...second.MetricAlarms].map((alarm) => alarm.AlarmName);
    expect(names).toEqual(['a10', 'a11', 'a12', 'a13', 'a14']);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('the metrics of RDS', () => {
  async function replicating(engine: 'logical' | 'physical') {
    const world = startWorld({}, { replication: { state: 'replicating', lagSeconds: 4, lagBytes: 4096 } });
    const blue = await addPostgres(world);
    const fields = engine === 'logical' ? { TargetEngineVersion: '17.10' } : {};
    const id = await createAndWait(world, blue.DBInstanceArn, fields);
    const { Target } = await describeDeployment(world, id);
    const source = rdsMetrics(world.rds);
    const read = async (metric: string, name: string) => {
      const now = world.clock.now();
      const dimensions = { DBInstanceIdentifier: name };
      const all = await source({
        namespace: 'AWS/RDS',
        metric,
        dimensions,
        start: now - 5 * minute,
        end: now,
      });
      return all.filter(({ at }) => at >= now - 5 * minute).map(({ value }) => value);
    };
    return { world, read, green: Target.split(':').at(-1) as string };
  }

  it('are on the side and in the unit that the engine has', async () => {
    const { read, green } = await replicating('logical');
    expect(await read('OldestReplicationSlotLag', 'orders')).toEqual([4096, 4096, 4096, 4096, 4096]);
    expect(await read('OldestReplicationSlotLag', green)).toEqual([]);
    // The points of the last two minutes are not there yet.
    expect(await read('CPUUtilization', 'orders')).toEqual([30, 30, 30]);
    expect(await read('CPUUtilization', 'none')).toEqual([]);
  });

  it('end with the switchover', async () => {
    const { world } = await replicating('logical');
    const [deployment] = world.rds.world.deployments;
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: deployment?.id });
    await world.wait(5 * minute);
    const measured = world.rds.lag.of(deployment?.id ?? '').length;
    await world.wait(60 * minute);
    expect(world.rds.lag.of(deployment?.id ?? '')).toHaveLength(measured);
  });

  it('remember what was measured, and tell an unknown lag as -1', async () => {
    const { world, read, green } = await replicating('physical');
    world.dataPlane.behaviour.replication = { state: 'degraded', lagSeconds: null, lagBytes: null };
    await world.wait(2 * minute);
    expect(await read('ReplicaLag', green)).toEqual([4, 4, 4, -1, -1]);
    expect(await read('ReplicaLag', 'orders')).toEqual([]);
  });
});
