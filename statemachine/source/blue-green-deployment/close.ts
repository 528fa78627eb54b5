import { paces } from '../../../functions/domain/model/tick.ts';
import { announcement, announcing } from '../announcement.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { keepFailure, replaceFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, nobodyWaits, rdsBusy } from '../policies.ts';
import { sleep, tick } from '../ticks.ts';
import { type Close, choice, fault, late, task, wait } from './names.ts';

export const close: Phase<Close> = {
  'Is this a failed run?': choice({
    comment: 'Old blue and the deployment record are kept after a failure.',
    options: [{ when: x`$boolean($failure)`, next: 'Record outcome' }],
    otherwise: 'Release the deployment record',
  }),

  'Release the deployment record': task({
    comment:
      'Marks new production and old blue as ours, then deletes the deployment record, never its databases. On Aurora that lifts the write protection of old blue, so there it is done only behind a fence; without one the record stays and the outcome reports it.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: 'Record outcome',
    assign: { deployment: x`$states.result.Payload` },
    next: 'Is old blue to be deleted?',
  }),

  'Is old blue to be deleted?': choice({
    comment: 'Old blue is kept where the request gives no oldBlue.deleteAfterDays.',
    options: [
      {
        when: x`$exists($request.oldBlue.deleteAfterDays) and $deployment.recordReleased`,
        assign: { waitingSince: now, deadline: fromNow('$request.oldBlue.deleteAfterDays * 86400000') },
        next: 'Announce what becomes of old blue',
      },
      {
        when: x`$exists($request.oldBlue.deleteAfterDays)`,
        assign: {
          ...replaceFailure(
            fault(
              'Release the deployment record',
              'BlueGreen.CleanupIncomplete',
              "'old blue was not deleted: ' & ($exists($deployment.recordKeptBecause) ? $deployment.recordKeptBecause : 'the deployment record was kept')",
            ),
          ),
        },
        next: 'Record outcome',
      },
    ],
    otherwise: { assign: { end: 'Green serves production' }, next: 'Record outcome' },
  }),

  'Announce what becomes of old blue': task({
    comment:
      'Tells that the bake has passed and the way back is over, when old blue goes, and how that is stopped.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack', 'baked'],
    with: announcement('old-blue-goes', { until: x`$deadline` }),
    failed: { next: 'Wait for retention' },
    next: 'Wait for retention',
  }),

  'Wait for retention': wait({
    comment: 'Keeps old blue, write-protected, until oldBlue.deleteAfterDays have passed.',
    given: ['request', 'deployment', 'deadline'],
    tick: sleep(86400),
    notYet: 'Is the retention over?',
    failed: 'Record outcome',
    next: 'Take final snapshot',
  }),

  'Is the retention over?': choice({
    comment: 'The deadline of the retention is the moment to go on, not a failure.',
    options: [{ when: inTime, next: 'Wait for retention' }],
    otherwise: 'Take final snapshot',
  }),

  'Take final snapshot': task({
    comment:
      'Takes the last snapshot of old blue, found by resource id, and of each of its replicas that has data of its own. What somebody has renamed, promoted, protected or uses is kept.',
    given: ['request', 'deployment'],
    with: { since: x`$waitingSince` },
    seconds: 60,
    retry: [faults, nobodyWaits],
    failed: 'Record outcome',
    assign: { snapshot: x`$states.result.Payload`, waitingSince: now, deadline: fromNow(hours(24)) },
    next: 'Wait for snapshot',
  }),

  'Wait for snapshot': wait({
    comment: 'Ready when the final snapshot is available. Nothing is deleted before.',
    given: ['request', 'deployment', 'snapshot'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for the snapshot?',
    failed: 'Record outcome',
    next: 'Delete old blue',
  }),

  'Is there still time for the snapshot?': choice({
    comment: 'A day for the snapshot; then old blue stays.',
    options: [{ when: inTime, next: 'Wait for snapshot' }],
    otherwise: {
      assign: keepFailure(
        late('Wait for snapshot', 'the final snapshot was not complete in time; old blue was kept'),
      ),
      next: 'Record outcome',
    },
  }),

  'Delete old blue': task({
    comment:
      'Deletes old blue by resource id, never by name, and only when its final snapshot exists, production is somewhere else and nobody has made it theirs.',
    given: ['request', 'deployment', 'snapshot'],
    seconds: 120,
    retry: [faults, nobodyWaits],
    failed: 'Record outcome',
    assign: { waitingSince: now, deadline: fromNow(hours(24)) },
    next: 'Wait for deletion',
  }),

  'Wait for deletion': wait({
    comment: 'Ready when no resource of old blue is left.',
    given: ['request', 'deployment'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for the deletion?',
    failed: 'Record outcome',
    assign: { end: 'Green serves production' },
    next: 'Record outcome',
  }),

  'Is there still time for the deletion?': choice({
    comment: 'A day for the deletion; then what is left is named.',
    options: [{ when: inTime, next: 'Wait for deletion' }],
    otherwise: {
      assign: keepFailure(late('Wait for deletion', 'old blue was not deleted in time')),
      next: 'Record outcome',
    },
  }),
};
