import { task } from '../harness.ts';
import type { Case } from './case.ts';

const source = 'Handling errors in Step Functions workflows: Retrying after an error';
const done = { status: 'SUCCEEDED', output: 'done' } as const;
const output = { Output: '{% $states.result.Payload %}', End: true };

export const retryCases: Case[] = [
  {
    name: 'the defaults are 3 retries after 1, 2 and 4 seconds',
    source,
    states: { Work: task('work', { ...output, Retry: [{ ErrorEquals: ['Busy'] }] }) },
    functions: { work: [{ error: 'Busy' }, { error: 'Busy' }, { error: 'Busy' }, { payload: 'done' }] },
    expect: {
      ...done,
      seconds: 7,
      transitions: 4,
      calls: [
        ['work', 0],
        ['work', 1],
        ['work', 3],
        ['work', 7],
      ],
    },
  },
  {
    name: 'retries end after MaxAttempts, and the error goes on',
    source,
    states: {
      Work: task('work', {
        End: true,
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 1.5 }],
      }),
    },
    functions: { work: [{ error: 'Busy' }] },
    expect: {
      status: 'FAILED',
      error: 'Busy',
      calls: [
        ['work', 0],
        ['work', 3],
        ['work', 7.5],
      ],
    },
  },
  {
    name: 'MaxAttempts 0 never retries, even when a later retrier would',
    source,
    states: {
      Work: task('work', {
        End: true,
        Retry: [{ ErrorEquals: ['Fatal'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
      }),
    },
    functions: { work: [{ error: 'Fatal' }] },
    expect: { status: 'FAILED', error: 'Fatal', calls: [['work', 0]] },
  },
  {
    name: 'each retrier counts for itself: A, B, C, B, B ends in the catcher (the example of the guide)',
    source: `${source}: Complex retry scenarios`,
    states: {
      X: task('work', {
        Retry: [
          { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
          { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Z' }],
        End: true,
      }),
      Z: { Type: 'Pass', End: true },
    },
    functions: {
      work: [{ error: 'ErrorA' }, { error: 'ErrorB' }, { error: 'ErrorC' }, { error: 'ErrorB' }],
    },
    expect: {
      status: 'SUCCEEDED',
      output: 'ErrorB',
      calls: [
        ['work', 0],
        ['work', 1],
        ['work', 3],
        ['work', 8],
      ],
    },
  },
  {
    name: 'MaxDelaySeconds caps the back-off',
    source,
    states: {
      Work: task('work', {
        End: true,
        Retry: [
          { ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 5, BackoffRate: 3, MaxDelaySeconds: 5 },
        ],
      }),
    },
    functions: { work: [{ error: 'Busy' }] },
    expect: {
      status: 'FAILED',
      error: 'Busy',
      calls: [
        ['work', 0],
        ['work', 1],
        ['work', 4],
        ['work', 9],
        ['work', 14],
        ['work', 19],
      ],
    },
  },
  {
    name: 'full jitter draws between 0 and the delay: a quarter of 4 and of 8 seconds',
    source,
    random: 0.25,
    states: {
      Work: task('work', {
        End: true,
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 4, MaxAttempts: 2, JitterStrategy: 'FULL' }],
      }),
    },
    functions: { work: [{ error: 'Busy' }] },
    expect: {
      status: 'FAILED',
      error: 'Busy',
      calls: [
        ['work', 0],
        ['work', 1],
        ['work', 3],
      ],
    },
  },
  {
    name: 'the context counts the retries, and Arguments are computed anew for each',
    source: 'Accessing execution data from the Context object',
    states: {
      Work: task('work', {
        ...output,
        Arguments: { FunctionName: 'work', Payload: '{% $states.context.State.RetryCount %}' },
        Output: '{% $states.context.State.RetryCount %}',
        Retry: [{ ErrorEquals: ['Busy'] }],
      }),
    },
    functions: { work: [{ error: 'Busy' }, { error: 'Busy' }, { payload: 'done' }] },
    expect: { status: 'SUCCEEDED', output: 2 },
  },
  {
    name: 'counts start anew when the state is entered again',
    source,
    states: {
      Work: task('work', {
        Next: 'Again?',
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
        Assign: { lap: '{% $states.result.Payload %}' },
      }),
      'Again?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $lap = 1 %}', Next: 'Work' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed', Output: 'done' },
    },
    functions: { work: [{ error: 'Busy' }, { payload: 1 }, { error: 'Busy' }, { payload: 2 }] },
    expect: {
      ...done,
      calls: [
        ['work', 0],
        ['work', 1],
        ['work', 1],
        ['work', 2],
      ],
    },
  },
  {
    name: 'faults of the service have names of their own',
    source,
    states: {
      Work: task('work', { ...output, Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'] }] }),
    },
    functions: { work: [{ throws: 'Lambda.TooManyRequestsException' }, { payload: 'done' }] },
    expect: {
      ...done,
      calls: [
        ['work', 0],
        ['work', 1],
      ],
    },
  },
  {
    name: 'a timeout is retried by its name',
    source: `${source}: Handling a timeout using Retry`,
    states: {
      Work: task('work', {
        ...output,
        TimeoutSeconds: 20,
        Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 10 }],
      }),
    },
    functions: { work: [{ payload: 'late', after: 60 }, { payload: 'done' }] },
    expect: {
      ...done,
      calls: [
        ['work', 0],
        ['work', 30],
      ],
    },
  },
  {
    name: 'a failed Output is an error of the attempt and is retried',
    source: 'Transforming data with JSONata: Handling JSONata errors',
    states: {
      Work: task('work', {
        End: true,
        Output: '{% $states.result.Payload.value %}',
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
      }),
    },
    functions: { work: [{ payload: {} }, { payload: { value: 'done' } }] },
    expect: {
      ...done,
      calls: [
        ['work', 0],
        ['work', 1],
      ],
    },
  },
];
