import { task } from '../harness.ts';
import type { Case } from './case.ts';

const map = 'Map workflow state';
const parallel = 'Parallel workflow state';
const variables = 'Passing data between states with variables: Scope of variables';
const pass = { Type: 'Pass', End: true };

function flow(state: { [key: string]: import('../../../states/json.ts').Json }, name = 'Inside') {
  return { StartAt: name, States: { [name]: state } };
}

export const innerCases: Case[] = [
  {
    name: 'Map keeps the order of the items, whichever ends first',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: flow({
          Type: 'Wait',
          Seconds: '{% $states.input %}',
          Output: '{% $states.input %}',
          End: true,
        }),
        End: true,
      },
    },
    input: { items: [30, 10, 20] },
    expect: { status: 'SUCCEEDED', output: [30, 10, 20], seconds: 30 },
  },
  {
    name: 'Map selects the input of an iteration from the item and its index',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: ['a', 'b'],
        ItemSelector: {
          index: '{% $states.context.Map.Item.Index %}',
          value: '{% $states.context.Map.Item.Value %}',
          all: '{% $states.input.all %}',
        },
        ItemProcessor: flow(pass),
        End: true,
      },
    },
    input: { all: 1 },
    expect: {
      status: 'SUCCEEDED',
      output: [
        { index: 0, value: 'a', all: 1 },
        { index: 1, value: 'b', all: 1 },
      ],
    },
  },
  {
    name: 'MaxConcurrency 1 runs one iteration after the other',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: flow({ Type: 'Wait', Seconds: 10, End: true }),
        Output: '{% $count($states.result) %}',
        End: true,
      },
    },
    input: [1, 2, 3],
    expect: { status: 'SUCCEEDED', output: 3, seconds: 30 },
  },
  {
    name: 'an inline Map runs at most 40 iterations at once',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: '{% [1..81] %}',
        ItemProcessor: flow({ Type: 'Wait', Seconds: 100, End: true }),
        Output: 'all',
        End: true,
      },
    },
    expect: { status: 'SUCCEEDED', output: 'all', seconds: 300 },
    virtualOnly: true,
  },
  {
    name: 'Map over nothing gives an empty list',
    source: map,
    states: { Each: { Type: 'Map', Items: [], ItemProcessor: flow(pass), End: true } },
    expect: { status: 'SUCCEEDED', output: [] },
  },
  {
    name: 'Items that are no list are an evaluation error, which the Map can catch',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.name %}',
        ItemProcessor: flow(pass),
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'Caught' }],
        End: true,
      },
      Caught: pass,
    },
    input: { name: 'x' },
    expect: { status: 'SUCCEEDED', output: 'caught' },
  },
  {
    name: 'the first failed iteration calls the others off and none is begun after it',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: [5, 60, 60, 60],
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'Hold',
          States: {
            Hold: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'Work' },
            Work: task('work'),
          },
        },
        Catch: [{ ErrorEquals: ['Gone'], Output: 'caught', Next: 'Later' }],
        End: true,
      },
      Later: { Type: 'Wait', Seconds: 200, End: true },
    },
    functions: { work: [{ error: 'Gone' }] },
    expect: { status: 'SUCCEEDED', output: 'caught', seconds: 205, calls: [['work', 5]] },
  },
  {
    name: 'a retry of a Map begins with all items again',
    source: map,
    states: {
      Each: {
        Type: 'Map',
        Items: [1, 2],
        MaxConcurrency: 1,
        ItemProcessor: flow(task('work', { Output: '{% $states.result.Payload %}', End: true })),
        Retry: [{ ErrorEquals: ['Gone'], IntervalSeconds: 10 }],
        End: true,
      },
    },
    functions: { work: [{ payload: 'a' }, { error: 'Gone' }, { payload: 'b' }, { payload: 'c' }] },
    expect: {
      status: 'SUCCEEDED',
      output: ['b', 'c'],
      calls: [
        ['work', 0],
        ['work', 0],
        ['work', 10],
        ['work', 10],
      ],
    },
  },
  {
    name: 'Parallel gives each branch the same input and collects their outputs in order',
    source: parallel,
    states: {
      Both: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input.n + 1 %}' },
        Branches: [
          flow({ Type: 'Wait', Seconds: 20, Output: '{% $states.input.n %}', End: true }, 'Slow'),
          flow({ Type: 'Pass', Output: '{% $states.input.n * 10 %}', End: true }, 'Quick'),
        ],
        Output: { sum: '{% $sum($states.result) %}', result: '{% $states.result %}' },
        End: true,
      },
    },
    input: { n: 1 },
    expect: { status: 'SUCCEEDED', output: { sum: 22, result: [2, 20] }, seconds: 20 },
  },
  {
    name: 'a branch that fails calls its siblings off, and the error is that of the branch',
    source: parallel,
    states: {
      Both: {
        Type: 'Parallel',
        Branches: [
          flow({ Type: 'Fail', Error: 'Own.Error', Cause: 'why' }, 'Fails'),
          {
            StartAt: 'Hold',
            States: { Hold: { Type: 'Wait', Seconds: 30, Next: 'Never' }, Never: task('never') },
          },
        ],
        Next: 'Unreached',
      },
      Unreached: pass,
    },
    expect: { status: 'FAILED', error: 'Own.Error', cause: 'why', seconds: 0, calls: [] },
  },
  {
    name: 'branches read the outer variables; what they assign stays inside',
    source: variables,
    states: {
      Begin: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'Set',
            States: {
              Set: { Type: 'Pass', Assign: { inside: '{% $outer + 1 %}' }, Next: 'Get' },
              Get: { ...pass, Output: '{% $inside + $outer %}' },
            },
          },
          {
            StartAt: 'Set too',
            States: {
              'Set too': { Type: 'Pass', Assign: { inside: 10 }, Next: 'Get too' },
              'Get too': { ...pass, Output: '{% $inside %}' },
            },
          },
        ],
        Assign: { results: '{% $states.result %}' },
        Next: 'After',
      },
      After: { ...pass, Output: '{% $results %}' },
    },
    expect: { status: 'SUCCEEDED', output: [3, 10] },
  },
  {
    name: 'a variable of a branch cannot be read outside it',
    source: variables,
    states: {
      One: {
        Type: 'Parallel',
        Branches: [flow({ ...pass, Assign: { inside: 1 } })],
        Next: 'After',
      },
      After: { ...pass, Output: '{% $inside %}' },
    },
    expect: { status: 'FAILED', error: 'States.QueryEvaluationError', cause: "'inside'" },
  },
];
