import { endsAs, failAsUnknown, failWithFailure, unreadOutcome } from '../ends.ts';
import { x } from '../expressions.ts';
import { cleanupFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy } from '../policies.ts';
import { fail, succeed } from '../states.ts';
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
      'tests',
      'snapshot',
      'failure',
      'cleanupFailure',
      'end',
    ],
    with: {
      startedAt: x`$states.context.Execution.StartTime`,
      run: x`$run`,
      loss: x`$loss`,
      accepted: x`$accepted`,
    },
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: {
      assign: {
        outcome: unreadOutcome,
        ...cleanupFailure,
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
    failed: { assign: cleanupFailure, next: 'How did it end?' },
    next: 'How did it end?',
  }),

  'How did it end?': choice({
    comment: 'Each end has its own state, so that the console shows it.',
    options: [
      endsAs('Went back: blue serves production'),
      endsAs('Going back refused: nothing was changed'),
      endsAs('Did not go back: green serves production'),
    ],
    otherwise: 'Going back incomplete: look before any retry',
  }),

  'Went back: blue serves production': succeed(
    'Blue serves again and has every row that new production took in, but for a loss that a person has accepted.',
  ),

  'Going back refused: nothing was changed': fail(
    'Refused before this execution had begun: because of its input, of the state of its run, or because people did not say yes. It opened, closed and moved nothing.',
    'BlueGreen.RequestInvalid',
    x`$outcome.summary`,
  ),

  'Did not go back: green serves production': failWithFailure(
    'Nothing was moved: new production serves and takes writes.',
  ),

  'Going back incomplete: look before any retry': failAsUnknown(
    'Going back was begun and is not proved to have ended. At most one side takes writes. Start it again with the same input to finish, after a look.',
  ),
};
