import { describe, expect, it } from 'vitest';
import { StatesEngine } from '../../states/engine.ts';
import type { Json } from '../../states/json.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { task } from './harness.ts';

function engine(): StatesEngine {
  return new StatesEngine({ clock: new VirtualClock(0), invoke: async () => ({ payload: null }) });
}

function register(definition: Json | string, substitutions?: Record<string, string>) {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const own = engine();
  const { stateMachineArn } = own.registerStateMachine({
    name: 'machine',
    definition: text,
    ...(substitutions === undefined ? {} : { substitutions }),
  });
  return own.machines.describe(stateMachineArn);
}

const pass = { Type: 'Pass', End: true };

/** A machine of one state, or of several. */
function machine(
  states: { [key: string]: Json },
  more: { [key: string]: Json } = {},
): { [key: string]: Json } {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0] ?? '', States: states, ...more };
}

const inBranch = (state: Json) => ({ StartAt: 'Inside', States: { Inside: state } });

const refused: [string, Json | string, RegExp][] = [
  ['text that is not JSON', '{', /INVALID_JSON/],
  ['JSONPath', { StartAt: 'A', States: { A: pass } }, /JSONPath/],
  ['a state in JSONPath', machine({ A: { ...pass, QueryLanguage: 'JSONPath' } }), /JSONPath states/],
  ['a field of JSONPath', machine({ A: { ...pass, ResultPath: '$.a' } }), /'ResultPath' belongs to JSONPath/],
  ['an unknown field', machine({ A: { ...pass, Timeout: 3 } }), /'Timeout' is not known here at \/States\/A/],
  ['an unknown field of the machine', machine({ A: pass }, { Timeout: 3 }), /'Timeout' is not known/],
  ['an unknown type', machine({ A: { Type: 'Work', End: true } }), /'Work' is no type/],
  ['no states', machine({}), /at least one state/],
  ['StartAt that leads nowhere', { ...machine({ A: pass }), StartAt: 'B' }, /no state 'B' at \/StartAt/],
  [
    'Next that leads nowhere',
    machine({ A: { Type: 'Pass', Next: 'B' } }),
    /no state 'B' at \/States\/A\/Next/,
  ],
  [
    'a catcher that leads nowhere',
    machine({ A: task('f', { End: true, Catch: [{ ErrorEquals: ['X'], Next: 'B' }] }) }),
    /no state 'B' at \/States\/A\/Catch\[0\]/,
  ],
  ['a state that is never reached', machine({ A: pass, B: pass }), /'B' is not reached/],
  ['neither Next nor End', machine({ A: { Type: 'Pass' } }), /either Next or/],
  ['both Next and End', machine({ A: { ...pass, Next: 'A' } }), /either Next or/],
  ['Next on Fail', machine({ A: { Type: 'Fail', Next: 'A' } }), /'Next' is not known/],
  [
    'a name used twice',
    machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: pass } }], End: true } }),
    /used twice/,
  ],
  [
    'a resource that is not run here',
    machine({ A: { ...task('f'), Resource: 'arn:aws:states:::sqs:sendMessage' } }),
    /not supported/,
  ],
  [
    'a nested execution that is awaited',
    machine({ A: { ...task('f'), Resource: 'arn:aws:states:::states:startExecution.sync:2' } }),
    /not supported/,
  ],
  [
    'two times to wait for',
    machine({ A: { Type: 'Wait', Seconds: 1, Timestamp: 'x', End: true } }),
    /either Seconds or Timestamp/,
  ],
  [
    'a heartbeat as long as the timeout',
    machine({ A: task('f', { TimeoutSeconds: 5, HeartbeatSeconds: 5, End: true }) }),
    /smaller than TimeoutSeconds/,
  ],
  ['a timeout of 0 seconds', machine({ A: task('f', { TimeoutSeconds: 0, End: true }) }), /time limit/],
  [
    'a single retrier',
    machine({ A: task('f', { End: true, Retry: { ErrorEquals: ['X'] } }) }),
    /Retry must be a list/,
  ],
  [
    'States.ALL beside others',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] }) }),
    /alone and last/,
  ],
  [
    'States.ALL before others',
    machine({
      A: task('f', { End: true, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }),
    }),
    /alone and last/,
  ],
  [
    'an error of the service that does not exist',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['States.TimedOut'] }] }) }),
    /no error of the service/,
  ],
  [
    'MaxAttempts below 0',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['X'], MaxAttempts: -1 }] }) }),
    /MaxAttempts/,
  ],
  [
    'a shrinking back-off',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }] }) }),
    /BackoffRate/,
  ],
  [
    'a longest delay below the first one',
    machine({
      A: task('f', { End: true, Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 9, MaxDelaySeconds: 9 }] }),
    }),
    /MaxDelaySeconds/,
  ],
  [
    'a distributed Map',
    machine({
      A: {
        Type: 'Map',
        End: true,
        ItemProcessor: { ...inBranch(pass), ProcessorConfig: { Mode: 'DISTRIBUTED' } },
      },
    }),
    /inline Maps/,
  ],
  [
    'an expression that does not compile',
    machine({ A: { ...pass, Output: '{% 1 + %}' } }),
    /INVALID_JSONATA_EXPRESSION.* at \/States\/A\/Output/,
  ],
  [
    'an operator of a later JSONata',
    machine({ A: { ...pass, Output: '{% $states.input.a ?? 1 %}' } }),
    /INVALID_JSONATA_EXPRESSION/,
  ],
  ['half an expression', machine({ A: { ...pass, Output: '{% 1 %} and more' } }), /whole string/],
  [
    'a Condition that is no expression',
    machine({ A: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'B' }] }, B: pass }),
    /Condition must be an expression/,
  ],
  [
    'a reference without $states',
    machine({ A: { ...pass, Output: '{% phone %}' } }),
    /Reference to 'phone' at the top level/,
  ],
  ['the root of no document', machine({ A: { ...pass, Output: '{% $$.phone %}' } }), /Reference to '\$\$'/],
  [
    '$states.result where there is none',
    machine({ A: { ...pass, Output: '{% $states.result %}' } }),
    /\$states\.result does not exist/,
  ],
  [
    '$states.result in Arguments',
    machine({ A: task('f', { Arguments: { FunctionName: '{% $states.result %}' }, End: true }) }),
    /\$states\.result/,
  ],
  [
    '$states.errorOutput outside a catcher',
    machine({ A: task('f', { Output: '{% $states.errorOutput %}', End: true }) }),
    /errorOutput/,
  ],
  [
    'a member that $states does not have',
    machine({ A: { ...pass, Output: '{% $states.inputs %}' } }),
    /\$states\.inputs/,
  ],
  ['a variable named states', machine({ A: { ...pass, Assign: { states: 1 } } }), /'states' is reserved/],
  [
    'a variable named as a function',
    machine({ A: { ...pass, Assign: { error: 1 } } }),
    /'error' has the name of a JSONata function/,
  ],
  [
    'a variable named as a function of the service',
    machine({ A: { ...pass, Assign: { hash: 1 } } }),
    /'hash' has the name/,
  ],
  ['a variable with a hyphen', machine({ A: { ...pass, Assign: { 'a-b': 1 } } }), /no valid name/],
  [
    'an outer variable assigned inside',
    machine({
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
      B: { Type: 'Parallel', Branches: [inBranch({ ...pass, Assign: { x: 2 } })], End: true },
    }),
    /'x' is assigned in an outer flow at \/States\/B\/Branches\[0\]\/States\/Inside\/Assign\/x/,
  ],
];

describe('a definition is refused for', () => {
  it.each(refused)('%s', (_, definition, message) => {
    expect(() => register(definition)).toThrow(
      expect.objectContaining({ name: 'InvalidDefinition', message: expect.stringMatching(message) }),
    );
  });
});

describe('a definition may have', () => {
  const accepted: [string, Json][] = [
    [
      'references inside a predicate or behind a dot',
      machine({ A: { ...pass, Output: '{% $states.input.a[b = 1].c ~> $map(function($v) { $v.d }) %}' } }),
    ],
    [
      '$states.result in Output of a task and errorOutput in its catcher',
      machine({
        A: task('f', {
          Output: '{% $states.result %}',
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'B' }],
          End: true,
        }),
        B: pass,
      }),
    ],
    [
      'keys in templates that are called as fields of the language',
      machine({ A: { ...pass, Output: { Type: 'Map', Next: '{% 1 %}', States: { a: '{% 2 %}' } } } }),
    ],
    [
      'the same variable in two branches',
      machine({
        A: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'B', States: { B: { ...pass, Assign: { x: 1 } } } },
            { StartAt: 'C', States: { C: { ...pass, Assign: { x: 1 } } } },
          ],
          End: true,
        },
      }),
    ],
    [
      'other partitions in its resources',
      machine({ A: { ...task('f'), Resource: 'arn:aws-us-gov:states:::lambda:invoke' } }),
    ],
  ];
  it.each(accepted)('%s', (_, definition) => {
    expect(register(definition)).toMatchObject({ status: 'ACTIVE', type: 'STANDARD' });
  });
});

describe('substitutions', () => {
  const placeholder = (name: string) => `$\{${name}}`;
  const definition = JSON.stringify(
    machine({
      A: task(placeholder('work'), {
        Comment: `${placeholder('work')} of ${placeholder('team.name')}`,
        End: true,
      }),
    }),
  );

  it('are made at registration and shown by DescribeStateMachine', () => {
    const shown = register(definition, { work: 'arn:f', 'team.name': 'the "A" team' });
    expect(JSON.parse(shown.definition ?? '').States.A).toMatchObject({
      Arguments: { FunctionName: 'arn:f' },
      Comment: 'arn:f of the "A" team',
    });
  });

  it('must all be given', () => {
    expect(() => register(definition, { work: 'arn:f' })).toThrow(/no substitution for '\$\{team\.name\}'/);
  });
});
