import { entered } from '../announcement.ts';
import { x } from '../expressions.ts';
import { cleanupFailure, keepCleanupFailure, notPutBack } from '../failures.ts';
import { hookPassed, servingEndpoint } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy } from '../policies.ts';
import { choice, type End, hook, hookAnsweringLater, hookSaidNo, task } from './names.ts';

export const end: Phase<End> = {
  'Put back what was dropped': task({
    comment:
      'Gives blue what it lacks of all that stood beside the data: IAM roles, auto scaling, alarms, tags, event subscriptions; and reads it. What cannot be put back is reported.',
    given: ['request', 'deployment', 'serving'],
    with: { since: entered },
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: { assign: notPutBack, next: 'Close the way back' },
    assign: { deployment: x`$states.result.Payload` },
    next: 'Close the way back',
  }),

  'Close the way back': task({
    comment: 'Removes slots and publications from the former new production, which stays closed as evidence.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: cleanupFailure, next: 'Record outcome' },
    next: 'Record outcome',
  }),

  'Stay on new production': task({
    comment: 'Opens new production again after the proof that blue is closed. The endpoint was not touched.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: { assign: cleanupFailure, next: 'Record outcome' },
    assign: {
      serving: x`{'side': 'green', 'because': 'the endpoint was not touched, and new production was opened again after the proof that blue is closed'}`,
      end: 'Did not go back: green serves production',
    },
    next: 'Are writes to be resumed?',
  }),

  'Are writes to be resumed?': choice({
    comment:
      'Only where a stopWrites hook ran, here or in an earlier execution. The hook gets the endpoint of the side that serves; where that side is not proved, nothing leads here.',
    options: [
      { when: x`$not($writesStopped)`, next: 'Where does it go on?' },
      { when: x`$request.hooks.resumeWrites.callback`, next: 'Resume writes and wait for the answer' },
    ],
    otherwise: 'Resume writes',
  }),

  'Resume writes': hook({
    comment: "Invokes the user's resumeWrites hook on the side that serves.",
    stage: 'resumeWrites',
    endpoint: servingEndpoint,
    failed: { assign: cleanupFailure, next: 'Where does it go on?' },
    next: 'Did writes resume?',
  }),

  'Resume writes and wait for the answer': hookAnsweringLater({
    comment: 'The callback form of resumeWrites.',
    stage: 'resumeWrites',
    endpoint: servingEndpoint,
    failed: { assign: cleanupFailure, next: 'Where does it go on?' },
    next: 'Did writes resume?',
  }),

  'Did writes resume?': choice({
    comment: 'A no is reported as a failure of the clean-up: the serving side is proved and does not change.',
    options: [{ when: hookPassed, next: 'Where does it go on?' }],
    otherwise: { assign: keepCleanupFailure(hookSaidNo('Resume writes')), next: 'Where does it go on?' },
  }),

  'Where does it go on?': choice({
    comment:
      'After going back the way back is closed. A run that stays on new production keeps its way back.',
    options: [{ when: x`$serving.side = 'blue'`, next: 'Does anybody read the changes?' }],
    otherwise: 'Record outcome',
  }),
};
