import { paces } from '../../../functions/domain/model/tick.ts';
import { releaseHours } from '../../../functions/domain/request/longest-run.ts';
import { announcement, announcing } from '../announcement.ts';
import { fromNow, hours, minutes, now, x } from '../expressions.ts';
import { bothFailures, caught, keepCleanupFailure, keepFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed, servingEndpoint } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { tick } from '../ticks.ts';
import { untilSwitchedOver } from './cut-times.ts';
import {
  type CutResume,
  choice,
  fault,
  hook,
  hookAnsweringLater,
  hookSaidNo,
  pause,
  task,
  wait,
} from './names.ts';
import { notAnnounced } from './way-back.ts';

/**
 * Where green serves it is tried for a day, elsewhere for ten minutes: there the roles are held on green alone. Before RDS is done a minute is
 * enough: it is tried again when it is proved that green serves.
 */
const untilReleased = {
  waitingSince: now,
  deadline: fromNow(
    `($early ? ${minutes(1)} : $serving.side = 'green' ? ${hours(releaseHours)} : ${minutes(10)})`,
  ),
  found: {},
};

/** A function that crashes is asked no more after so many rounds of three minutes: each costs forty events. */
const crashesTolerated = 20;

/** Why the roles are still held, as far as it was heard. */
const held = `$exists($found.failure) ? $found.failure : ${fault('Release application writes', 'BlueGreen.NotReadyInTime', "'the roles of the application are still held (deadline ' & $deadline & '): ' & ($exists($found.because) ? $found.because : 'no answer came')")}`;
const notReleased = { ...keepFailure(`(${held})`), ...keepCleanupFailure(`(${held})`) };

export const cutResume: Phase<CutResume> = {
  'Were writes stopped before this?': choice({
    comment:
      'A hold on the writes of the application, by a hook or by the gate, is lifted before the run ends.',
    options: [{ when: x`$writesStopped or $writesHeld`, next: 'Are application writes held?' }],
    otherwise: 'Were reads led to green?',
  }),

  'Are application writes held?': choice({
    comment:
      'Our own gate stands on green alone, whichever side serves: no later run may bring it into production.',
    options: [{ when: x`$writesHeld`, assign: untilReleased, next: 'Release application writes' }],
    otherwise: 'Are writes to be resumed?',
  }),

  'Release application writes': wait({
    comment:
      'Lets the roles of the application write again on green and ends the sessions that began without that right. Tried as long as the run lives: nobody can write meanwhile.',
    given: ['request', 'deployment', 'wayBack'],
    with: { since: x`$waitingSince`, told: x`$found.told = true or $not($early or $serving.side = 'green')` },
    tick: tick(paces.release),
    notYet: 'Is there still time to release writes?',
    cannotStop: true,
    failed: {
      assign: {
        found: x`$merge([$found, {'failure': ${caught}, 'crashes': ($exists($found.crashes) ? $found.crashes : 0) + 1}])`,
      },
      next: 'Pause before another release',
    },
    assign: { found: x`$merge([$found, $states.result])` },
    next: 'Were application writes released?',
  }),

  'Pause before another release': pause({
    comment: 'The function itself failed. Gives it a minute.',
    seconds: 60,
    next: 'Were application writes released?',
  }),

  'Were application writes released?': choice({
    comment:
      'Where green serves and it takes longer, people are told at once that nobody can write. Before RDS is done it is waited for first.',
    options: [
      {
        when: x`$exists($found.released)`,
        assign: { writesHeld: false },
        next: 'Are writes to be resumed?',
      },
      { when: x`$early`, next: 'Where does the run go on?' },
      {
        when: x`$serving.side = 'green' and $not($found.told = true)`,
        next: 'Announce that writes are held',
      },
    ],
    otherwise: 'Is there still time to release writes?',
  }),

  'Announce that writes are held': task({
    comment: 'Tells people that nobody can write, why, and the statement that ends it.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('writes-held', { failure: x`${held}`, until: x`$deadline` }),
    failed: {
      assign: { ...notAnnounced('that writes are held'), found: x`$merge([$found, {'told': true}])` },
      next: 'Is there still time to release writes?',
    },
    assign: { found: x`$merge([$found, {'told': true}])` },
    next: 'Is there still time to release writes?',
  }),

  'Is there still time to release writes?': choice({
    comment:
      'After a day the run ends, and the outcome names the roles that are held. The hourly look goes on telling.',
    options: [
      {
        when: x`$millis() < $toMillis($deadline) and ($exists($found.crashes) ? $found.crashes : 0) < ${String(crashesTolerated)}`,
        next: 'Release application writes',
      },
    ],
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
      'After the cut the production side decides; before it the run stops and removes green. The way back is secured at this place, before writes resume. Where that came before RDS was done, RDS is waited for now; where RDS put the switchover back after all, its log on green is kept: it names the rows that stand there alone.',
    options: [
      {
        when: x`$early`,
        assign: {
          early: false,
          writesOut: x`$writesHeld or $writesStopped ? $writesOut : $merge([$writesOut, {'until': $states.context.State.EnteredTime}])`,
          ...untilSwitchedOver,
        },
        next: 'Wait for switchover',
      },
      {
        when: x`$serving.side = 'green' and $not($boolean($failure))`,
        next: 'Does anybody read the changes?',
      },
      {
        when: x`$serving.side = 'blue' and $exists($wayBack.changes)`,
        next: 'Record outcome',
      },
      { when: x`$exists($serving.side)`, next: 'Is a way back left?' },
    ],
    otherwise: 'Were reads led to green?',
  }),

  'Announce the cut': task({
    comment:
      'Tells at once which database is new production, for how long writes were out, and by which command people ask to go back.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack', 'writesOut'],
    with: announcement('cut-done'),
    failed: { next: 'Hand over to the consumers' },
    next: 'Hand over to the consumers',
  }),
};
