import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import type { EngineEvent } from '../../states/engine.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { Bench, lambda, lambdaWithToken, task } from './harness.ts';

type Definition = Parameters<Bench['start']>[0];

async function historyOf(definition: Definition, functions: ConstructorParameters<typeof Bench>[1] = {}) {
  const clock = new VirtualClock(0);
  const bench = new Bench(clock, functions);
  return clock.run(async () => {
    const arn = bench.start(definition, { n: 1 });
    await bench.engine.settled(arn);
    return bench.history(arn);
  });
}

const types = (events: readonly HistoryEvent[]) => events.map(({ type }) => type);

it('tells a task in the shape of the API', async () => {
  const states = {
    Work: {
      Type: 'Task',
      Resource: lambda,
      TimeoutSeconds: 60,
      Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
      Assign: { kept: '{% $states.result.Payload %}' },
      Output: '{% $states.result.Payload %}',
      Next: 'Gone',
    },
    Gone: { Type: 'Fail', Error: 'Own.Error', Cause: 'why' },
  };
  const events = await historyOf(
    { StartAt: 'Work', States: states },
    { work: [{ payload: 'done', after: 2 }] },
  );
  const whole = { truncated: false };
  const task = { resourceType: 'lambda', resource: 'invoke' };
  expect(events).toEqual([
    {
      id: 1,
      previousEventId: 0,
      timestamp: new Date(0),
      type: 'ExecutionStarted',
      executionStartedEventDetails: {
        input: '{"n":1}',
        inputDetails: whole,
        roleArn: 'arn:aws:iam::123456789012:role/machine',
      },
    },
    {
      id: 2,
      previousEventId: 0,
      timestamp: new Date(0),
      type: 'TaskStateEntered',
      stateEnteredEventDetails: { name: 'Work', input: '{"n":1}', inputDetails: whole },
    },
    {
      id: 3,
      previousEventId: 2,
      timestamp: new Date(0),
      type: 'TaskScheduled',
      taskScheduledEventDetails: {
        ...task,
        region: 'eu-central-1',
        parameters: '{"FunctionName":"work","Payload":{"n":1}}',
        timeoutInSeconds: 60,
      },
    },
    { id: 4, previousEventId: 3, timestamp: new Date(0), type: 'TaskStarted', taskStartedEventDetails: task },
    {
      id: 5,
      previousEventId: 4,
      timestamp: new Date(2000),
      type: 'TaskSucceeded',
      taskSucceededEventDetails: {
        ...task,
        output: expect.stringContaining('"Payload":"done"'),
        outputDetails: whole,
      },
    },
    {
      id: 6,
      previousEventId: 5,
      timestamp: new Date(2000),
      type: 'TaskStateExited',
      stateExitedEventDetails: {
        name: 'Work',
        output: '"done"',
        outputDetails: whole,
        assignedVariables: { kept: '"done"' },
        assignedVariablesDetails: whole,
      },
    },
    {
      id: 7,
      previousEventId: 6,
      timestamp: new Date(2000),
      type: 'FailStateEntered',
      stateEnteredEventDetails: { name: 'Gone', input: '"done"', inputDetails: whole },
    },
    {
      id: 8,
      previousEventId: 7,
      timestamp: new Date(2000),
      type: 'ExecutionFailed',
      executionFailedEventDetails: { error: 'Own.Error', cause: 'why' },
    },
  ]);
});

it('counts eight events and two transitions for a waiting task and the choice that leads back to it', async () => {
  const states = {
    'Wait for it': {
      Type: 'Task',
      Resource: lambdaWithToken,
      TimeoutSeconds: 30,
      Arguments: { FunctionName: 'look', Payload: { token: '{% $states.context.Task.Token %}' } },
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Is there time?' }],
      End: true,
    },
    'Is there time?': {
      Type: 'Choice',
      Choices: [
        {
          Condition: '{% $toMillis($states.context.Execution.StartTime) + 60000 > $millis() %}',
          Next: 'Wait for it',
        },
      ],
      Default: 'Too late',
    },
    'Too late': { Type: 'Fail' },
  };
  const events = await historyOf({ StartAt: 'Wait for it', States: states });
  const tick = [
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskTimedOut',
    'TaskStateExited',
    'ChoiceStateEntered',
    'ChoiceStateExited',
  ];
  expect(types(events)).toEqual([
    'ExecutionStarted',
    ...tick,
    ...tick,
    'FailStateEntered',
    'ExecutionFailed',
  ]);
});

it('chains the events of each iteration by themselves', async () => {
  const events = await historyOf({
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Items: [20, 10],
        ItemProcessor: {
          StartAt: 'Hold',
          States: { Hold: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } },
        },
        End: true,
      },
    },
  });
  expect(types(events)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapIterationStarted',
    'WaitStateEntered',
    'MapIterationStarted',
    'WaitStateEntered',
    'WaitStateExited',
    'MapIterationSucceeded',
    'WaitStateExited',
    'MapIterationSucceeded',
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events.map(({ previousEventId }) => previousEventId)).toEqual([
    0, 0, 2, 3, 4, 3, 6, 7, 8, 5, 10, 11, 12, 13,
  ]);
  expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
  expect(events[8]?.mapIterationSucceededEventDetails).toEqual({ name: 'Each', index: 1 });
});

it('tells which siblings a failed iteration called off', async () => {
  const events = await historyOf(
    {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          Items: [1, 60],
          ItemProcessor: {
            StartAt: 'Hold',
            States: {
              Hold: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Work' },
              Work: task('work'),
            },
          },
          End: true,
        },
      },
    },
    { work: [{ error: 'Gone' }] },
  );
  expect(types(events).slice(types(events).indexOf('TaskFailed'))).toEqual([
    'TaskFailed',
    'TaskStateAborted',
    'MapIterationFailed',
    'WaitStateAborted',
    'MapIterationAborted',
    'MapStateFailed',
    'ExecutionFailed',
  ]);
});

it('records an expression that failed, with its place', async () => {
  const events = await historyOf({
    StartAt: 'Compute',
    States: { Compute: { Type: 'Pass', Output: { a: '{% $states.input.missing %}' }, End: true } },
  });
  expect(events[2]).toMatchObject({
    type: 'EvaluationFailed',
    evaluationFailedEventDetails: {
      error: 'States.QueryEvaluationError',
      location: 'Output/a',
      state: 'Compute',
    },
  });
});

it('fails the execution with its 25,000th event, whatever is caught', async () => {
  const states = {
    Loop: task('work', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Loop' }], Next: 'Loop' }),
  };
  const events = await historyOf({ StartAt: 'Loop', States: states });
  expect(events).toHaveLength(25_000);
  expect(events.at(-1)).toMatchObject({
    type: 'ExecutionFailed',
    executionFailedEventDetails: { error: 'States.Runtime', cause: expect.stringContaining('25000') },
  });
});

it('is announced live, event by event, with every change of the status', async () => {
  const clock = new VirtualClock(0);
  const bench = new Bench(clock);
  const heard: EngineEvent[] = [];
  const stop = bench.engine.on((event) => heard.push(event));
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
  const arn = await clock.run(async () => {
    const started = bench.start(definition);
    await bench.engine.settled(started);
    return started;
  });
  stop();
  await clock.run(async () => bench.engine.settled(bench.start(definition, {}, 'unheard')));
  expect(heard.flatMap((event) => (event.kind === 'history' ? [event.event] : []))).toEqual(
    bench.history(arn),
  );
  expect(heard.flatMap((event) => (event.kind === 'status' ? [event.execution.status] : []))).toEqual([
    'RUNNING',
    'SUCCEEDED',
  ]);
});
