import { x } from '../expressions.ts';
import { bothFailures, keepCleanupFailure, keepFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed, servingEndpoint } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusy } from '../policies.ts';
import { untilSwitchedOver } from './cut-times.ts';
import { type CutResume, choice, hook, hookAnsweringLater, hookSaidNo, task } from './names.ts';

export const cutResume: Phase<CutResume> = {
  'Were writes stopped before this?': choice({
    comment:
      'A hold on the writes of the application, by a hook or by the gate, is lifted before the run ends.',
    options: [{ when: x`$writesStopped or $writesHeld`, next: 'Are application writes held?' }],
    otherwise: 'Should green be kept?',
  }),

  'Are application writes held?': choice({
    comment:
      'Our own gate stands on green alone, whichever side serves: no later run may bring it into production.',
    options: [{ when: x`$writesHeld`, next: 'Release application writes' }],
    otherwise: 'Are writes to be resumed?',
  }),

  'Release application writes': task({
    comment:
      'Lets the roles of the application write again on green and ends the sessions that began without that right.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: bothFailures, next: 'Are writes to be resumed?' },
    assign: { writesHeld: false },
    next: 'Are writes to be resumed?',
  }),

  'Are writes to be resumed?': choice({
    comment: 'Only where a stopWrites hook ran. The hook gets the endpoint of the side that serves.',
    options: [
      { when: x`$not($writesStopped)`, next: 'Where does the run go on?' },
      { when: answersLater('resumeWrites'), next: 'Resume writes and wait for the answer' },
      { when: hasHook('resumeWrites'), next: 'Resume writes' },
    ],
    otherwise: 'Where does the run go on?',
  }),

  'Resume writes': hook({
    comment: "Invokes the user's resumeWrites hook on the side that serves.",
    stage: 'resumeWrites',
    endpoint: servingEndpoint,
    failed: { assign: bothFailures, next: 'Where does the run go on?' },
    next: 'Did writes resume?',
  }),

  'Resume writes and wait for the answer': hookAnsweringLater({
    comment: 'The callback form of resumeWrites.',
    stage: 'resumeWrites',
    endpoint: servingEndpoint,
    failed: { assign: bothFailures, next: 'Where does the run go on?' },
    next: 'Did writes resume?',
  }),

  'Did writes resume?': choice({
    comment: 'A no is kept as the failure of the run; it does not undo the cut.',
    options: [{ when: hookPassed, assign: { writesStopped: false }, next: 'Where does the run go on?' }],
    otherwise: {
      assign: {
        ...keepFailure(hookSaidNo('Resume writes')),
        ...keepCleanupFailure(hookSaidNo('Resume writes')),
      },
      next: 'Where does the run go on?',
    },
  }),

  'Where does the run go on?': choice({
    comment:
      'After the cut the production side decides; before it the run stops and removes green. The way back is secured at this place, before writes resume. Where that came before RDS was done, RDS is waited for now.',
    options: [
      {
        when: x`$early`,
        assign: { early: false, ...untilSwitchedOver },
        next: 'Wait for switchover',
      },
      {
        when: x`$serving.side = 'green' and $not($boolean($failure))`,
        next: 'Is the rollback target to be attached?',
      },
      { when: x`$exists($serving.side)`, next: 'Is a way back left?' },
    ],
    otherwise: 'Should green be kept?',
  }),
};
