import { endsAs, failAsUnknown, failWithFailure, unreadOutcome } from '../ends.ts';
import { x } from '../expressions.ts';
import { failure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy } from '../policies.ts';
import { succeed } from '../states.ts';
import { choice, type Outcome, task } from './names.ts';

export const outcome: Phase<Outcome> = {
  'Record outcome': task({
    comment:
      'Reads what is true now and writes the summary: what happened, which database is writable, what still runs and costs money, what to do next.',
    given: [
      'request',
      'deployment',
      'findings',
      'window',
      'approval',
      'serving',
      'wayBack',
      'statistics',
      'baseline',
      'baked',
      'tests',
      'snapshot',
      'failure',
      'cleanupFailure',
      'end',
    ],
    with: { startedAt: x`$states.context.Execution.StartTime` },
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: {
      assign: {
        ...failure,
        outcome: unreadOutcome,
      },
      next: 'Notify',
    },
    assign: { outcome: x`$states.result.Payload` },
    next: 'Notify',
  }),

  Notify: task({
    comment: 'Publishes the summary to the announcements.',
    given: ['outcome'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: 'How did it end?',
    next: 'How did it end?',
  }),

  'How did it end?': choice({
    comment: 'Each end has its own state, so that the console shows it.',
    options: [
      endsAs('Refused: nothing was changed'),
      endsAs('Dry run passed: nothing was changed'),
      endsAs('Stopped before switchover: blue serves production'),
      endsAs('Switchover rolled back: blue serves production'),
      endsAs('Green serves production'),
      endsAs('Green serves production, clean-up incomplete'),
      endsAs('Went back: blue serves production'),
      endsAs('Went back on a copy: production was not touched'),
      endsAs('Going back incomplete: look before any retry'),
    ],
    otherwise: 'Outcome unknown: look before any retry',
  }),

  'Dry run passed: nothing was changed': succeed(
    'Every precondition holds; nothing was created or changed.',
    x`$outcome`,
  ),

  'Green serves production': succeed(
    'The cut is done and verified; what the request wanted cleaned up is clean.',
    x`$outcome`,
  ),

  'Refused: nothing was changed': failWithFailure(
    'The request failed its check, or a precondition, before anything was created.',
  ),

  'Stopped before switchover: blue serves production': failWithFailure(
    'Blue was never touched. Green is gone, or named in the summary where it is not.',
  ),

  'Switchover rolled back: blue serves production': failWithFailure(
    'RDS undid the switchover; blue is proved to serve. Green is kept and named.',
  ),

  'Green serves production, clean-up incomplete': failWithFailure(
    'Production is right: the former green serves. Something after the cut needs a person.',
  ),

  'Went back: blue serves production': failWithFailure(
    'The upgrade is undone without losing a row: blue serves again. Why it was undone is the error.',
  ),

  'Went back on a copy: production was not touched': succeed(
    'Of a rehearsal: production of the copy went back on purpose, and whole. It is no failure, and rings no alarm.',
    x`$outcome`,
  ),

  'Going back incomplete: look before any retry': failAsUnknown(
    'Going back was begun and is not proved to have ended. At most one side takes writes. Look before any retry.',
  ),

  'Outcome unknown: look before any retry': failWithFailure(
    'It cannot be proved which side serves. Look before any retry; nothing was cleaned up.',
  ),
};
