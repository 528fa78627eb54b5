import { lambdaWithToken, task } from '../harness.ts';
import type { Case } from './case.ts';

const timeouts = 'Task workflow state: TimeoutSeconds';
const callback = 'Discover service integration patterns: Wait for a Callback with Task Token';
const caught = { Type: 'Pass', End: true };

/** A task that nobody answers. */
function unanswered(fields: { [key: string]: import('../../../states/json.ts').Json }) {
  return {
    Type: 'Task',
    Resource: lambdaWithToken,
    Arguments: { FunctionName: 'work', Payload: { token: '{% $states.context.Task.Token %}' } },
    ...fields,
  };
}

export const timeCases: Case[] = [
  {
    name: 'a task that takes too long ends with States.Timeout and no cause; its late answer has no effect',
    source: timeouts,
    states: {
      Work: task('work', {
        TimeoutSeconds: 10,
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Wait' }],
        End: true,
      }),
      Wait: { Type: 'Wait', Seconds: 60, End: true },
    },
    functions: { work: [{ payload: 'late', after: 30 }] },
    expect: { status: 'SUCCEEDED', output: { Error: 'States.Timeout' }, seconds: 70 },
  },
  {
    name: 'TimeoutSeconds can be an expression',
    source: timeouts,
    states: { Work: task('work', { TimeoutSeconds: '{% $states.input.limit * 2 %}', End: true }) },
    input: { limit: 7 },
    functions: { work: [{ payload: null, after: 60 }] },
    expect: { status: 'FAILED', error: 'States.Timeout', seconds: 14 },
  },
  {
    name: 'TimeoutSeconds that is no whole number is an evaluation error',
    source: timeouts,
    states: { Work: task('work', { TimeoutSeconds: '{% $states.input.limit / 2 %}', End: true }) },
    input: { limit: 7 },
    expect: { status: 'FAILED', error: 'States.QueryEvaluationError', cause: "'TimeoutSeconds'" },
  },
  {
    name: 'with a token the timeout runs from scheduling on, not from the answer of the function',
    source: callback,
    states: { Work: unanswered({ TimeoutSeconds: 20, End: true }) },
    functions: { work: [{ payload: null, after: 12 }] },
    expect: { status: 'FAILED', error: 'States.Timeout', seconds: 20 },
  },
  {
    name: 'with a token the error of the function fails the task at once',
    source: callback,
    states: { Work: unanswered({ TimeoutSeconds: 100, End: true }) },
    functions: { work: [{ error: 'Gone', after: 5 }] },
    expect: { status: 'FAILED', error: 'Gone', seconds: 5 },
  },
  {
    name: 'a missing heartbeat is caught as States.HeartbeatTimeout',
    source: callback,
    states: {
      Work: unanswered({
        TimeoutSeconds: 100,
        HeartbeatSeconds: 15,
        Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Output: 'missed', Next: 'Caught' }],
        End: true,
      }),
      Caught: caught,
    },
    expect: { status: 'SUCCEEDED', output: 'missed', seconds: 15 },
  },
  {
    name: 'a missing heartbeat is caught as States.Timeout as well',
    source: callback,
    states: {
      Work: unanswered({
        HeartbeatSeconds: '{% 3 * 5 %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'missed', Next: 'Caught' }],
        End: true,
      }),
      Caught: caught,
    },
    expect: { status: 'SUCCEEDED', output: 'missed', seconds: 15 },
  },
  {
    name: 'Wait waits for seconds',
    source: 'Wait workflow state',
    states: { Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Output: 'waited', End: true } },
    input: { seconds: 90 },
    expect: { status: 'SUCCEEDED', output: 'waited', seconds: 90 },
  },
  {
    name: 'Wait waits until a time, which the clock of the engine shows',
    source: 'Wait workflow state',
    states: {
      Wait: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 45000) %}', Next: 'Past' },
      Past: { Type: 'Wait', Timestamp: '2001-02-03T04:05:06Z', End: true },
    },
    expect: { status: 'SUCCEEDED', seconds: 45 },
  },
  {
    name: 'the time limit of the execution cannot be caught',
    source: 'State machine structure: TimeoutSeconds',
    timeoutSeconds: 30,
    states: {
      Work: task('work', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
      Caught: caught,
    },
    functions: { work: [{ payload: null, after: 100 }] },
    expect: { status: 'TIMED_OUT', seconds: 30 },
  },
];
