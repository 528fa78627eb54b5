import { x } from '../expressions.ts';
import { hookDryRun } from '../hooks.ts';
import type { Level, Phase } from '../level.ts';
import { succeed } from '../states.ts';

export type AcceptHooks =
  | 'Ask whether the hook may be invoked'
  | 'The hook may be invoked'
  | 'The hook may not be invoked';

/** The hooks of the request, each by its name there. */
export const hooksOfRequest = x`[$keys($request.hooks).{'name': $, 'arn': $lookup($request.hooks, $).arn}]`;

const states: Phase<AcceptHooks> = {
  'Ask whether the hook may be invoked': hookDryRun({
    comment:
      'A dry run of Lambda: it looks whether the function exists and may be invoked, and runs nothing.',
    next: 'The hook may be invoked',
    refused: 'The hook may not be invoked',
  }),

  'The hook may be invoked': succeed('Nothing more is known of it before it runs.'),

  'The hook may not be invoked': succeed('The preconditions report it, beside everything else.'),
};

/** What every hook goes through before anything is created. */
export const acceptHooks: Level<AcceptHooks> = { startAt: 'Ask whether the hook may be invoked', states };
