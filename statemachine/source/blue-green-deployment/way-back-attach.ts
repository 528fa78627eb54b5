import { paces } from '../../../functions/domain/model/tick.ts';
import { announcement, announcing } from '../announcement.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { cleanupFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy, sqlBusyWhileWritesAreHeld } from '../policies.ts';
import { tick } from '../ticks.ts';
import { choice, task, type WayBackAttach, wait } from './names.ts';
import { notAnnounced, notClosed, wayBackClosed, wayBackLate, wayBackLost } from './way-back.ts';

export const wayBackAttach: Phase<WayBackAttach> = {
  'Is the rollback target to be attached?': choice({
    comment:
      'A way back that could not be secured is removed and announced as lost before the run goes on. On Aurora its target is a clone of old blue, which is to be made first; new production keeps its changes for it meanwhile.',
    options: [
      { when: x`$wayBack.open and $exists($wayBack.lost)`, next: 'Give up the way back' },
      {
        when: x`$wayBack.open and $wayBack.target = 'clone'`,
        assign: { waitingSince: now, deadline: fromNow(hours(2)) },
        next: 'Make the rollback target',
      },
      { when: x`$wayBack.open`, next: 'Fence the rollback target' },
    ],
    otherwise: 'Is old blue to be closed?',
  }),

  'Make the rollback target': task({
    comment:
      'Does the next of two steps: clones old blue copy-on-write, behind the fence and tagged with this run, then gives the clone its one instance. Looks for its own first; old blue is not changed.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: { assign: wayBackLost, next: 'Give up the way back' },
    next: 'Wait for the rollback target',
  }),

  'Wait for the rollback target': wait({
    comment: 'Ready when the clone and its one instance are available.',
    given: ['request', 'deployment'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for the rollback target?',
    failed: { assign: wayBackLost, next: 'Give up the way back' },
    assign: { deployment: x`$states.result` },
    next: 'Fence the rollback target',
  }),

  'Is there still time for the rollback target?': choice({
    comment: 'Two hours for both steps. The next one is asked for as soon as it can be.',
    options: [{ when: inTime, next: 'Make the rollback target' }],
    otherwise: {
      assign: wayBackLate('Wait for the rollback target', 'the clone of old blue was not made in time'),
      next: 'Give up the way back',
    },
  }),

  'Fence the rollback target': task({
    comment:
      'Takes from applications the right to connect to the databases of old blue, or of its clone, and proves it: RDS leaves a default there that a session may override.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: wayBackLost, next: 'Give up the way back' },
    assign: { wayBack: x`$merge([$wayBack, {'fenced': true}])` },
    next: 'Attach the rollback target',
  }),

  'Attach the rollback target': task({
    comment: 'Subscribes the target, which stays closed for applications, to what new production takes in.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: wayBackLost, next: 'Give up the way back' },
    assign: { wayBack: x`$merge([$wayBack, {'attached': true}])` },
    next: 'Put back what was dropped',
  }),

  'Give up the way back': task({
    comment: 'Removes what was made for a way back that cannot be had.',
    function: 'closeTheWayBack',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: cleanupFailure, next: 'Announce that there is no way back' },
    assign: wayBackClosed,
    next: 'Announce that there is no way back',
  }),

  'Announce that there is no way back': task({
    comment: 'Announces at once that rows that new production takes in are not in old blue.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('way-back-closed'),
    failed: {
      assign: notAnnounced('that there is no way back'),
      next: 'Is old blue to be closed?',
    },
    next: 'Is old blue to be closed?',
  }),

  'Is old blue to be closed?': choice({
    comment:
      'Where the databases can be asked, old blue of an instance is closed even without a way back: RDS leaves a default there that a session may override. A rollback target is closed already, and on Aurora RDS keeps old blue closed.',
    options: [
      {
        when: x`$count($wayBack.databases) > 0 and $wayBack.target = 'old-blue' and $not($exists($wayBack.fenced))`,
        next: 'Close old blue',
      },
    ],
    otherwise: 'Put back what was dropped',
  }),

  'Close old blue': task({
    comment:
      'Takes from applications the right to connect to old blue: a write there is on no other database. A run whose old blue cannot be closed goes on, and its outcome says so.',
    function: 'fenceTheRollbackTarget',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusyWhileWritesAreHeld],
    failed: { assign: notClosed, next: 'Put back what was dropped' },
    assign: { wayBack: x`$merge([$wayBack, {'fenced': true}])` },
    next: 'Put back what was dropped',
  }),
};
