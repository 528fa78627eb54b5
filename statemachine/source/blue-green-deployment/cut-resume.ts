import { paces } from '../../../functions/domain/model/tick.ts';
import { releaseHours } from '../../../functions/domain/request/longest-run.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { bothFailures, caught, keepCleanupFailure, keepFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed, servingEndpoint } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusyWhileWritesAreHeld } from '../policies.ts';
import { tick } from '../ticks.ts';
import { type CutResume, choice, hook, hookAnsweringLater, hookSaidNo, pause, task } from './names.ts';
import { announcement, notAnnounced } from './way-back.ts';

/** Why the last try to release failed. It becomes the failure of the run only when there is no other try. */
const releaseFailed = { found: x`{'failure': ${caught}}` };
const notReleased = { ...keepFailure('$found.failure'), ...keepCleanupFailure('$found.failure') };

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
    retry: [faults, sqlBusyWhileWritesAreHeld],
    failed: { assign: releaseFailed, next: 'Does the application wait for its release?' },
    next: 'Are writes to be resumed?',
  }),

  'Does the application wait for its release?': choice({
    comment:
      'Where green serves, nobody can write until its roles are released: it is tried for a day. Where blue serves, the roles are held on green alone, which the outcome names.',
    options: [
      {
        when: x`$serving.side = 'green'`,
        assign: { waitingSince: now, deadline: fromNow(hours(releaseHours)) },
        next: 'Announce that writes are held',
      },
    ],
    otherwise: { assign: notReleased, next: 'Are writes to be resumed?' },
  }),

  'Announce that writes are held': task({
    comment: 'Tells people at once that nobody can write, and the statement that ends it.',
    function: 'announceTheWayBack',
    given: ['request', 'deployment', 'wayBack'],
    with: { ...announcement('held'), failure: x`$found.failure` },
    seconds: 60,
    retry: [faults, sqlBusyWhileWritesAreHeld],
    failed: { assign: notAnnounced('that writes are held'), next: 'Pause before another release' },
    next: 'Pause before another release',
  }),

  'Pause before another release': pause({
    comment: 'A quarter of a minute at first, ten minutes in the end.',
    seconds: tick(paces.release),
    next: 'Release application writes again',
  }),

  'Release application writes again': task({
    comment: 'The same as before, once in each round, as long as the run lives.',
    function: 'releaseApplicationWrites',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [],
    failed: { assign: releaseFailed, next: 'Is there still time to release writes?' },
    next: 'Are writes to be resumed?',
  }),

  'Is there still time to release writes?': choice({
    comment:
      'After a day the run ends, and the outcome names the roles that are held. The hourly look goes on telling.',
    options: [{ when: inTime, next: 'Pause before another release' }],
    otherwise: { assign: notReleased, next: 'Are writes to be resumed?' },
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
    options: [{ when: hookPassed, next: 'Where does the run go on?' }],
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
      'After the cut the production side decides; before it the run stops and removes green. The way back is secured at this place, before writes resume.',
    options: [
      {
        when: x`$serving.side = 'green' and $not($boolean($failure))`,
        next: 'Is the rollback target to be attached?',
      },
      { when: x`$exists($serving.side)`, next: 'Is a way back left?' },
    ],
    otherwise: 'Should green be kept?',
  }),
};
