import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { executionTag } from '../../functions/domain/model/tags.ts';
import { planLongestRun } from '../../functions/domain/request/longest-run.ts';
import { handler as wakeRun } from '../../functions/events/wake-run.ts';
import { awsError, executionArn, fakeRds, otherRun, record } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { request } from './runs.ts';

const quiet = quietly();
const states = mockClient(SFNClient);
let rds: ReturnType<typeof fakeRds>;

/** The open attempt of each execution, if it has one, and what its history has besides. */
let open: Record<string, { payload: object; scheduledAt: number; wokenAt?: number[]; firstId?: number }>;

beforeEach(() => {
  process.env.STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:blue-green-deployment';
  rds = fakeRds({ records: [record('AVAILABLE')] });
  open = { [executionArn]: { payload: waitFor('Wait for green'), scheduledAt: quiet.now - 60_000 } };
  states.reset();
  states.on(SendTaskFailureCommand).resolves({});
  states
    .on(ListExecutionsCommand)
    .callsFake(() => ({ executions: Object.keys(open).map((arn) => ({ executionArn: arn })) }));
  states.on(DescribeExecutionCommand).callsFake(({ executionArn: arn }) => ({
    status: 'RUNNING',
    input: JSON.stringify((open[arn]?.payload as { request?: object })?.request ?? {}),
  }));
  states
    .on(GetExecutionHistoryCommand)
    .callsFake(({ executionArn: arn }) => ({ events: historyOf(arn).toReversed() }));
});
afterEach(() => {
  delete process.env.STATE_MACHINE_ARN;
});

const waitFor = (state: StateName, fields: object = {}) => ({
  state,
  kind: 'wait',
  group: null,
  token: `token of ${state}`,
  request,
  deployment: { id: 'bgd-1' },
  ...fields,
});

function historyOf(arn: string) {
  const attempt = open[arn];
  if (!attempt) return [{ id: 1, previousEventId: 0, type: 'ExecutionStarted' }];
  const details = {
    resourceType: 'lambda',
    resource: 'invoke.waitForTaskToken',
    parameters: JSON.stringify({ FunctionName: 'look', Payload: attempt.payload }),
  };
  const timestamp = new Date(attempt.scheduledAt);
  const first = attempt.firstId ?? 1;
  return [
    ...(attempt.wokenAt ?? []).map((at) => ({
      id: 1,
      previousEventId: 0,
      type: 'TaskFailed',
      timestamp: new Date(at),
      taskFailedEventDetails: { error: 'BlueGreen.Woken' },
    })),
    { id: first, previousEventId: 0, type: 'TaskStateEntered', timestamp },
    {
      id: first + 1,
      previousEventId: first,
      type: 'TaskScheduled',
      timestamp,
      taskScheduledEventDetails: details,
    },
    { id: first + 2, previousEventId: first + 1, type: 'TaskStarted', timestamp },
    { id: first + 3, previousEventId: first + 2, type: 'TaskSubmitted', timestamp },
  ];
}

const failed = () => states.commandCalls(SendTaskFailureCommand).map(({ args }) => args[0].input);
const rdsEvent = (fields: object = {}) => ({
  source: 'aws.rds',
  'detail-type': 'RDS Blue Green Deployment Event',
  time: new Date(quiet.now).toISOString(),
  detail: {
    SourceType: 'BLUE_GREEN_DEPLOYMENT',
    SourceIdentifier: 'bgd-1',
    EventID: 'RDS-EVENT-0244',
    ...fields,
  },
});
const alarmEvent = (alarmName: string) => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  time: new Date(quiet.now).toISOString(),
  detail: { alarmName, state: { value: 'ALARM' } },
});

describe('an event of RDS', () => {
  test('ends the tick of the run that the deployment names, 3 s later', async () => {
    const before = quiet.now;
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [executionArn] });
    expect(failed()).toEqual([
      {
        taskToken: 'token of Wait for green',
        error: 'BlueGreen.Woken',
        cause: expect.stringContaining('bgd-1'),
      },
    ]);
    expect(quiet.now - before).toBe(3_000);
  });

  test('that arrives late is not waited for', async () => {
    const event = rdsEvent();
    quiet.now += 10_000;
    const before = quiet.now;
    await wakeRun(event);
    expect(quiet.now).toBe(before);
  });

  test('never answers an approval', async () => {
    open[executionArn] = {
      payload: waitFor('Wait for approval', { kind: 'approval', group: 'dba' }),
      scheduledAt: quiet.now - 60_000,
    };
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
    expect(failed()).toEqual([]);
  });

  test.each([
    ['a deployment of somebody else', [record('AVAILABLE', { TagList: [] })]],
    ['a deployment that is gone', []],
    [
      'a deployment that names a run of another state machine',
      [
        record('AVAILABLE', {
          TagList: [{ Key: executionTag, Value: executionArn.replace('blue-green', 'red-black') }],
        }),
      ],
    ],
  ])('about %s wakes nobody', async (_, records) => {
    rds.state.records = records;
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
    expect(states.calls()).toHaveLength(0);
  });

  test('together with others wakes once: a look that began since has seen them all', async () => {
    open[executionArn] = { payload: waitFor('Wait for green'), scheduledAt: quiet.now + 2_500 };
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
  });

  test('of which another invocation has told already is no error', async () => {
    states.on(SendTaskFailureCommand).rejects(awsError('TaskTimedOut'));
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
  });

  test('finds nothing to wake between two waits', async () => {
    open = {};
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
  });
});

describe('an alarm', () => {
  const baking = (alarms: string[]) =>
    waitFor('Bake', { request: { ...request, bake: { ...request.bake, alarms } } });

  test('wakes the runs that bake by it, and no others', async () => {
    const scheduledAt = quiet.now - 60_000;
    open = {
      [executionArn]: { payload: baking(['errors', 'latency']), scheduledAt },
      [otherRun]: { payload: baking(['cpu']), scheduledAt },
      [`${executionArn}3`]: {
        payload: { ...baking(['errors']), state: 'Wait for green' },
        scheduledAt,
      },
    };
    expect(await wakeRun(alarmEvent('errors'))).toEqual({ woken: [executionArn] });
  });
});

describe('an alarm that no open run names', () => {
  test('reads no history, waits for nothing and wakes nobody', async () => {
    const before = quiet.now;
    expect(await wakeRun(alarmEvent('disk of another service'))).toEqual({ woken: [] });
    expect(states.commandCalls(GetExecutionHistoryCommand)).toHaveLength(0);
    expect(quiet.now).toBe(before);
  });

  test('reads nothing at all where no run is open', async () => {
    open = {};
    await wakeRun(alarmEvent('errors'));
    expect(states.commandCalls(ListExecutionsCommand)).toHaveLength(1);
    expect(states.calls()).toHaveLength(1);
  });

  test('is not found in an input that is no request', async () => {
    states
      .on(DescribeExecutionCommand)
      .resolves({ status: 'RUNNING', input: '{"bake":{"alarms":"errors"}}' });
    expect(await wakeRun(alarmEvent('errors'))).toEqual({ woken: [] });
    expect(states.commandCalls(GetExecutionHistoryCommand)).toHaveLength(0);
  });
});

describe('wake-ups are bounded, whoever sends them', () => {
  const flapping = (times: number, minutesAgo: number) =>
    Array.from({ length: times }, () => quiet.now - minutesAgo * 60_000);

  test.each([
    ['nine times in the last hour', 9, 30, true],
    ['ten times in the last hour', 10, 30, false],
    ['ten times, longer ago', 10, 61, true],
  ])('a run that was woken %s', async (_, times, minutesAgo, wakes) => {
    Object.assign(open[executionArn] ?? {}, { wokenAt: flapping(times, minutesAgo) });
    expect(await wakeRun(rdsEvent())).toEqual({ woken: wakes ? [executionArn] : [] });
  });

  test('a run whose history has room for nothing but what is planned is not woken', async () => {
    const { events: planned } = planLongestRun(request, quiet.now);
    const attempt = open[executionArn] ?? {};
    Object.assign(attempt, { firstId: 25_000 - 1_000 - planned - 3 });
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [executionArn] });
    Object.assign(attempt, { firstId: 25_000 - 1_000 - planned - 2 });
    expect(await wakeRun(rdsEvent())).toEqual({ woken: [] });
  });

  test('a deployment of a stranger that carries the tag of the run wakes nobody', async () => {
    rds.state.records = [record('AVAILABLE', { BlueGreenDeploymentIdentifier: 'bgd-2' })];
    expect(await wakeRun(rdsEvent({ SourceIdentifier: 'bgd-2' }))).toEqual({ woken: [] });
    expect(failed()).toEqual([]);
  });
});

describe('what is no event of ours', () => {
  test.each([
    [undefined],
    ['text'],
    [{}],
    [{ ...rdsEvent(), source: 'my.app' }],
    [rdsEvent({ SourceIdentifier: 'orders; drop table' })],
    [rdsEvent({ SourceIdentifier: { id: 'bgd-1' } })],
    [{ ...rdsEvent(), detail: null }],
    [{ ...alarmEvent('x'), detail: { alarmName: 'x'.repeat(256) } }],
  ])('%j is left alone', async (event) => {
    expect(await wakeRun(event)).toEqual({ woken: [] });
    expect(states.calls()).toHaveLength(0);
    expect(rds.stub.calls()).toHaveLength(0);
  });

  test('a time in the future or none is taken for now', async () => {
    for (const time of ['2999-01-01T00:00:00Z', 'soon', undefined]) {
      const before = quiet.now;
      open[executionArn] = { payload: waitFor('Wait for green'), scheduledAt: before - 60_000 };
      await wakeRun({ ...rdsEvent(), time });
      expect(quiet.now - before).toBe(3_000);
    }
  });
});
