import { task } from '../harness.ts';
import type { Case } from './case.ts';

const jsonata = 'Transforming data with JSONata in Step Functions';
const variables = 'Passing data between states with variables';
const failed = { status: 'FAILED', error: 'States.QueryEvaluationError' } as const;
const pass = { Type: 'Pass', End: true };

export const dataCases: Case[] = [
  {
    name: 'an expression that gives nothing fails the state and names the field',
    source: jsonata,
    states: { Compute: { ...pass, Output: { list: ['{% $states.input.missing %}'] } } },
    expect: {
      ...failed,
      cause:
        "An error occurred while executing the state 'Compute' (entered at the event id #2). The JSONata expression " +
        "'$states.input.missing' specified for the field 'Output/list[0]' returned nothing (undefined).",
    },
  },
  {
    name: 'null is a value',
    source: jsonata,
    states: { Compute: { ...pass, Output: { kept: '{% $states.input.nothing %}' } } },
    input: { nothing: null },
    expect: { status: 'SUCCEEDED', output: { kept: null } },
  },
  {
    name: 'a list of one item is that item unless brackets keep it',
    source: jsonata,
    states: {
      Compute: {
        ...pass,
        Output: { one: '{% $states.input.a[x=1].x %}', kept: '{% [$states.input.a[x=1].x] %}' },
      },
    },
    input: { a: [{ x: 1 }, { x: 2 }] },
    expect: { status: 'SUCCEEDED', output: { one: 1, kept: [1] } },
  },
  {
    name: 'strings that are not wholly an expression stay as they are',
    source: jsonata,
    states: { Compute: { ...pass, Output: 'costs $states.input of { % }' } },
    expect: { status: 'SUCCEEDED', output: 'costs $states.input of { % }' },
  },
  {
    name: 'a type error is an evaluation error',
    source: jsonata,
    states: { Compute: { ...pass, Output: "{% 'a' + 1 %}" } },
    expect: { ...failed, cause: 'T2001' },
  },
  {
    name: '$eval does not exist',
    source: jsonata,
    states: { Compute: { ...pass, Output: "{% $eval('1') %}" } },
    expect: { ...failed, cause: 'T1006' },
  },
  {
    name: 'a function is no value',
    source: jsonata,
    states: { Compute: { ...pass, Output: '{% function($x) { $x } %}' } },
    expect: failed,
  },
  {
    name: 'the functions of Step Functions',
    source: `${jsonata}: JSONata functions provided by Step Functions`,
    states: {
      Compute: {
        ...pass,
        Output: {
          partition: '{% $partition([1,2,3,4,5], 2) %}',
          range: '{% $range(0, 10, 4) %}',
          down: '{% $range(2, 0, -1) %}',
          hash: "{% $hash('content', 'SHA-256') %}",
          parse: '{% $parse(\'{"a": [1]}\').a %}',
          seeded: '{% $random(7) = $random(7) %}',
          uuid: '{% $contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) %}',
        },
      },
    },
    expect: {
      status: 'SUCCEEDED',
      output: {
        partition: [[1, 2], [3, 4], [5]],
        range: [0, 4, 8],
        down: [2, 1, 0],
        hash: 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73',
        parse: [1],
        seeded: true,
        uuid: true,
      },
    },
  },
  {
    name: 'the time in an expression is that of the engine',
    source: jsonata,
    states: {
      Compute: {
        ...pass,
        Output: {
          same: '{% $toMillis($now()) = $millis() %}',
          entered: '{% $now() = $states.context.State.EnteredTime %}',
          year: "{% $now('[Y0001]') = $substring($states.context.Execution.StartTime, 0, 4) %}",
        },
      },
    },
    virtualOnly: true,
    expect: { status: 'SUCCEEDED', output: { same: true, entered: true, year: true } },
  },
  {
    name: 'the context object',
    source: 'Accessing execution data from the Context object',
    states: {
      Compute: {
        ...pass,
        Output: {
          id: '{% $states.context.Execution.Id %}',
          input: '{% $states.context.Execution.Input %}',
          name: '{% $states.context.Execution.Name %}',
          machine: '{% $states.context.StateMachine %}',
          state: '{% $states.context.State.Name %}',
          retries: '{% $states.context.State.RetryCount %}',
        },
      },
    },
    input: { n: 1 },
    expect: {
      status: 'SUCCEEDED',
      output: {
        id: 'arn:aws:states:eu-central-1:123456789012:execution:machine:run',
        input: { n: 1 },
        name: 'run',
        machine: { Id: 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine', Name: 'machine' },
        state: 'Compute',
        retries: 0,
      },
    },
  },
  {
    name: 'Assign and Output see the values from before the state (the example of the guide)',
    source: `${variables}: Evaluation order in an assign field`,
    states: {
      Begin: { Type: 'Pass', Assign: { x: 3, a: 6 }, Next: 'Swap' },
      Swap: {
        Type: 'Pass',
        Assign: { x: '{% $a %}', nextX: '{% $x %}' },
        Output: '{% $x %}',
        Next: 'Show',
      },
      Show: { ...pass, Output: { x: '{% $x %}', nextX: '{% $nextX %}', output: '{% $states.input %}' } },
    },
    expect: { status: 'SUCCEEDED', output: { x: 6, nextX: 3, output: 3 } },
  },
  {
    name: 'a variable that is not assigned is an error, even where it is only asked for',
    source: variables,
    states: { Compute: { ...pass, Output: '{% $exists($later) %}' } },
    expect: { ...failed, cause: "the variable 'later', which is not assigned" },
  },
  {
    name: 'names bound inside an expression are no variables of the machine',
    source: variables,
    states: {
      Compute: { ...pass, Output: '{% ($n := 2; $map([1, 2], function($v, $i) { $v * $n + $i })) %}' },
    },
    expect: { status: 'SUCCEEDED', output: [2, 5] },
  },
  {
    name: 'variables of more than 256 KiB in one Assign exceed the limit',
    source: variables,
    states: { Compute: { ...pass, Assign: { x: '{% $join([1..140000].("ab")) %}' }, Output: 'small' } },
    expect: { status: 'FAILED', error: 'States.DataLimitExceeded' },
  },
  {
    name: 'the result of a function may have 256 KiB with what the service adds, and no more',
    source: 'Step Functions service quotas',
    states: { Work: task('work') },
    functions: { work: [{ payload: 'x'.repeat(262_144) }] },
    expect: { status: 'FAILED', error: 'States.DataLimitExceeded' },
  },
  {
    name: 'Choice takes the first rule that holds, with its Assign and Output',
    source: 'Choice workflow state',
    states: {
      'Which?': {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Wrong' },
          { Condition: '{% $states.input.n > 1 %}', Assign: { size: 'some' }, Output: 'rule', Next: 'Show' },
          { Condition: '{% $states.input.missing %}', Next: 'Wrong' },
        ],
        Default: 'Wrong',
        Output: 'default',
      },
      Show: { ...pass, Output: { size: '{% $size %}', from: '{% $states.input %}' } },
      Wrong: { Type: 'Fail' },
    },
    input: { n: 5 },
    expect: { status: 'SUCCEEDED', output: { size: 'some', from: 'rule' } },
  },
  {
    name: "Choice without a rule that holds takes Default, with the state's own Assign and Output",
    source: 'Choice workflow state',
    states: {
      'Which?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% false %}', Next: 'Wrong' }],
        Default: 'Show',
        Assign: { size: 'none' },
        Output: 'default',
      },
      Show: { ...pass, Output: { size: '{% $size %}', from: '{% $states.input %}' } },
      Wrong: { Type: 'Fail' },
    },
    expect: { status: 'SUCCEEDED', output: { size: 'none', from: 'default' } },
  },
  {
    name: 'Choice without a rule that holds and without Default fails',
    source: 'Handling errors in Step Functions workflows: States.NoChoiceMatched',
    states: {
      'Which?': { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Wrong' }] },
      Wrong: { Type: 'Fail' },
    },
    expect: { status: 'FAILED', error: 'States.NoChoiceMatched', cause: "'Which?'" },
  },
  {
    name: 'a Condition that is not true or false is an evaluation error',
    source: 'Choice workflow state',
    states: {
      'Which?': { Type: 'Choice', Choices: [{ Condition: "{% 'yes' %}", Next: 'Wrong' }], Default: 'Wrong' },
      Wrong: { Type: 'Fail' },
    },
    expect: { ...failed, cause: "'Choices[0]/Condition'" },
  },
];
