import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { cleanupFailure, keepCleanupFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy } from '../policies.ts';
import { tick } from '../ticks.ts';
import { type BuildRemoval, choice, late, task, wait } from './names.ts';

export const buildRemoval: Phase<BuildRemoval> = {
  'Should green be kept?': choice({
    comment:
      'Green is removed unless the request asks to keep it for a look. A green that the run has taken up was there before it, and is kept unless the request says otherwise. A call that AWS had no room for is no reason to remove it.',
    options: [
      {
        when: x`$exists($request.target.keepGreenWhenStopped) ? $request.target.keepGreenWhenStopped : $exists($request.adopt)`,
        next: 'Record outcome',
      },
      {
        when: x`$failure.error = 'BlueGreen.Throttled' and $not($exists($request.target.keepGreenWhenStopped))`,
        next: 'Record outcome',
      },
    ],
    otherwise: 'Remove green',
  }),

  'Remove green': task({
    comment:
      'Before the cut only: deletes the deployment and green, by resource id, after it has read that blue still serves. Does nothing where there is nothing of ours.',
    given: ['request', 'deployment'],
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: { assign: cleanupFailure, next: 'Record outcome' },
    assign: { deployment: x`$states.result.Payload`, waitingSince: now, deadline: fromNow(hours(6)) },
    next: 'Wait for removal',
  }),

  'Wait for removal': wait({
    comment: 'Ready when neither the deployment nor any green member is left.',
    given: ['request', 'deployment'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for the removal?',
    failed: { assign: cleanupFailure, next: 'Record outcome' },
    next: 'Record outcome',
  }),

  'Is there still time for the removal?': choice({
    comment: 'Six hours for the removal; then what is left is named.',
    options: [{ when: inTime, next: 'Wait for removal' }],
    otherwise: {
      assign: keepCleanupFailure(late('Wait for removal', 'green was not removed in time')),
      next: 'Record outcome',
    },
  }),
};
