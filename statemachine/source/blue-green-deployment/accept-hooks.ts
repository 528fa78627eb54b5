import { placeholder, x } from '../expressions.ts';
import type { Level, Phase } from '../level.ts';
import { hookDidNotBegin } from '../policies.ts';
import { succeed } from '../states.ts';

export type AcceptHooks =
  | 'Ask whether the hook may be invoked'
  | 'The hook may be invoked'
  | 'The hook may not be invoked';

/** The hooks of the request, each by its name there. */
export const hooksOfRequest = x`[$each($request.hooks, function($hook, $name) { {'name': $name, 'arn': $hook.arn} })]`;

const states: Phase<AcceptHooks> = {
  /**
   * By the machine's own role, which is to invoke it later. Lambda's dry run looks whether the function is there and may be invoked, and runs
   * none of its code: a hook that overlooks what it is asked for would stop writes.
   */
  'Ask whether the hook may be invoked': () => ({
    Type: 'Task',
    Comment:
      'A dry run of Lambda: it looks whether the function exists and may be invoked, and runs nothing.',
    Resource: `arn:${placeholder('partition')}:states:::aws-sdk:lambda:invoke`,
    Arguments: { FunctionName: x`$states.input.arn`, InvocationType: 'DryRun' },
    TimeoutSeconds: 60,
    Retry: [hookDidNotBegin],
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: x`$merge([$states.input, {'refused': $states.errorOutput.Error & ': ' & $states.errorOutput.Cause}])`,
        Next: 'The hook may not be invoked',
      },
    ],
    Output: x`$merge([$states.input, {'refused': null}])`,
    Next: 'The hook may be invoked',
  }),

  'The hook may be invoked': succeed('Nothing more is known of it before it runs.'),

  'The hook may not be invoked': succeed('The preconditions report it, beside everything else.'),
};

/** What every hook goes through before anything is created. */
export const acceptHooks: Level<AcceptHooks> = { startAt: 'Ask whether the hook may be invoked', states };
