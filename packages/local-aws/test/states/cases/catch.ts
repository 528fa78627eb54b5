import { task } from '../harness.ts';
import type { Case } from './case.ts';

const source = 'Handling errors in Step Functions workflows: Fallback states';
const caught = { Type: 'Pass', End: true };
const large = '{% $join([1..140000].("ab")) %}';

export const catchCases: Case[] = [
  {
    name: 'without a Catch the error of a function ends the execution, its cause as JSON',
    source,
    states: { Work: task('work') },
    functions: { work: [{ error: 'Database.Gone', message: 'not found' }] },
    expect: {
      status: 'FAILED',
      error: 'Database.Gone',
      cause: '{"errorType":"Database.Gone","errorMessage":"not found","trace":[]}',
    },
  },
  {
    name: 'the first catcher that names the error is taken',
    source,
    states: {
      Work: task('work', {
        End: true,
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['Busy', 'Gone'], Output: 'first', Next: 'Caught' },
          { ErrorEquals: ['Gone'], Output: 'second', Next: 'Caught' },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
      }),
      Caught: caught,
      Wrong: { Type: 'Fail', Error: 'Wrong' },
    },
    functions: { work: [{ error: 'Gone' }] },
    expect: { status: 'SUCCEEDED', output: 'first' },
  },
  {
    name: 'without Output the state after a catcher gets the error output',
    source: `${source}: Error output`,
    states: {
      Work: task('work', { End: true, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
      Caught: caught,
    },
    functions: { work: [{ error: 'Gone', message: 'no' }] },
    expect: {
      status: 'SUCCEEDED',
      output: { Error: 'Gone', Cause: '{"errorType":"Gone","errorMessage":"no","trace":[]}' },
    },
  },
  {
    name: "a catcher's Assign and Output see the error; the state's own are not computed",
    source: 'Passing data between states with variables',
    states: {
      Work: task('work', {
        End: true,
        Assign: { never: 1 },
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Assign: { failure: '{% $states.errorOutput.Error %}' },
            Output: '{% $states.input.kept %}',
            Next: 'Caught',
          },
        ],
      }),
      Caught: { ...caught, Output: { failure: '{% $failure %}', kept: '{% $states.input %}' } },
    },
    input: { kept: 'input' },
    functions: { work: [{ error: 'Gone' }] },
    expect: { status: 'SUCCEEDED', output: { failure: 'Gone', kept: 'input' } },
  },
  {
    name: 'States.TaskFailed means every error of a task',
    source,
    states: {
      Work: task('work', {
        End: true,
        Catch: [{ ErrorEquals: ['States.TaskFailed'], Output: 'caught', Next: 'Caught' }],
      }),
      Caught: caught,
    },
    functions: { work: [{ error: 'Anything' }] },
    expect: { status: 'SUCCEEDED', output: 'caught' },
  },
  {
    name: 'States.TaskFailed does not mean a timeout',
    source,
    states: {
      Work: task('work', {
        End: true,
        TimeoutSeconds: 5,
        Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }],
      }),
      Caught: caught,
    },
    functions: { work: [{ payload: 'late', after: 60 }] },
    expect: { status: 'FAILED', error: 'States.Timeout', seconds: 5 },
  },
  {
    name: 'States.ALL does not catch States.DataLimitExceeded',
    source,
    states: {
      Work: task('work', {
        End: true,
        Output: large,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
      }),
      Caught: caught,
    },
    expect: { status: 'FAILED', error: 'States.DataLimitExceeded', cause: '262144 bytes' },
  },
  {
    name: 'States.DataLimitExceeded is caught by its name',
    source,
    states: {
      Work: task('work', {
        End: true,
        Output: large,
        Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Output: 'caught', Next: 'Caught' }],
      }),
      Caught: caught,
    },
    expect: { status: 'SUCCEEDED', output: 'caught' },
  },
  {
    name: 'States.Runtime is caught by nothing, not even by its name',
    source,
    states: {
      Work: task('work', {
        End: true,
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [
          { ErrorEquals: ['States.Runtime'], Next: 'Caught' },
          { ErrorEquals: ['States.ALL'], Next: 'Caught' },
        ],
      }),
      Caught: caught,
    },
    functions: { work: [{ error: 'States.Runtime' }] },
    expect: { status: 'FAILED', error: 'States.Runtime', calls: [['work', 0]] },
  },
  {
    name: 'retriers come before catchers',
    source,
    states: {
      Work: task('work', {
        End: true,
        Retry: [{ ErrorEquals: ['Gone'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['Gone'], Output: 'caught', Next: 'Caught' }],
      }),
      Caught: caught,
    },
    functions: { work: [{ error: 'Gone' }] },
    expect: {
      status: 'SUCCEEDED',
      output: 'caught',
      calls: [
        ['work', 0],
        ['work', 1],
      ],
    },
  },
  {
    name: 'an error inside the catcher itself is not caught again',
    source: 'Transforming data with JSONata: Handling JSONata errors',
    states: {
      Work: task('work', {
        End: true,
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Missing %}', Next: 'Caught' }],
      }),
      Caught: caught,
    },
    functions: { work: [{ error: 'Gone' }] },
    expect: { status: 'FAILED', error: 'States.QueryEvaluationError', cause: "the field 'Catch[0]/Output'" },
  },
  {
    name: 'Fail names its error and cause by expressions',
    source: 'Fail workflow state',
    states: {
      End: {
        Type: 'Fail',
        Error: '{% $states.input.name %}',
        Cause: "{% 'because ' & $states.input.why %}",
      },
    },
    input: { name: 'Own.Error', why: 'of that' },
    expect: { status: 'FAILED', error: 'Own.Error', cause: 'because of that' },
  },
];
