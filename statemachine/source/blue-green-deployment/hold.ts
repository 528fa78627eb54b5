import { paces } from '../../../functions/domain/model/tick.ts';
import { announcement, announcing } from '../announcement.ts';
import { approvalOfAGroup } from '../approval-of-a-group.ts';
import { inTime, now, x } from '../expressions.ts';
import { keepFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { anyFaultBriefly, faults, inTurn, memberFlaps } from '../policies.ts';
import { sleepUntil, tick } from '../ticks.ts';
import { whenPaused } from './hold-pause.ts';
import { choice, each, type Hold, late, task, wait } from './names.ts';

export const hold: Phase<Hold> = {
  'Find the next window': task({
    comment:
      'Works out when the maintenance window opens and closes next, and until when an approval is in time. Counts the deployments that may be switched over then, so that they do not begin together.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults],
    failed: 'Were writes stopped before this?',
    assign: { window: x`$states.result.Payload`, waitingSince: now },
    next: 'Announce that green is ready',
  }),

  'Announce that green is ready': task({
    comment: 'Tells what the test of green said, who is asked until when, and for which window the cut is.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack', 'window', 'tests', 'findings'],
    with: announcement('green-ready'),
    failed: { next: 'Is an approval required?' },
    next: 'Is an approval required?',
  }),

  'Is an approval required?': choice({
    comment: 'Approval is required unless the request turns it off.',
    options: [{ when: x`$request.approval.required`, next: 'Get the approval of every group' }],
    otherwise: { assign: { waitingSince: now, deadline: x`$window.closesAt` }, next: 'Wait for window' },
  }),

  'Get the approval of every group': each({
    comment: 'Every group must say yes; the first no ends it.',
    items: x`$request.approval.groups`,
    states: approvalOfAGroup({ statistics: x`$statistics`, pauseLeft: x`$pauseLeft` }),
    caught: [whenPaused('$window.approveBy')],
    failed: 'Were writes stopped before this?',
    assign: { approval: x`{'decisions': $states.result}`, waitingSince: now, deadline: x`$window.closesAt` },
    next: 'Wait for window',
  }),

  'Wait for window': wait({
    comment:
      'Ready when the maintenance window is open with room for the cut. Until it opens it looks every hour whether green still can be switched and does blue no harm.',
    given: ['request', 'deployment', 'window', 'pauseLeft', 'reads'],
    tick: sleepUntil('$toMillis($window.opensAt)', paces.window.ceiling, paces.usual),
    notYet: 'Is the window still to come or open?',
    caught: [whenPaused('$window.closesAt')],
    failed: 'Were writes stopped before this?',
    assign: {
      waitingSince: now,
      deadline: x`$fromMillis($min([$millis() + $request.lag.withinMinutes * 60000, $toMillis($window.closesAt)]))`,
    },
    next: 'Was the open window announced?',
  }),

  'Was the open window announced?': choice({
    comment: 'A run that was paused, or asked people again after a bad step of the readers, tells it once.',
    options: [{ when: x`$window.announced = true`, next: 'Wait for replication to catch up' }],
    otherwise: 'Announce that the window is open',
  }),

  'Announce that the window is open': task({
    comment: 'Tells that the cut is near, how long writes will be out, and how the run is stopped before it.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack', 'window'],
    with: announcement('window-open'),
    failed: { next: 'Wait for replication to catch up' },
    assign: { window: x`$merge([$window, {'announced': true}])` },
    next: 'Wait for replication to catch up',
  }),

  'Is the window still to come or open?': choice({
    comment: 'A window that closes without a cut stops the run.',
    options: [{ when: inTime, next: 'Wait for window' }],
    otherwise: {
      assign: keepFailure(
        late('Wait for window', 'the maintenance window closed before the switchover could start'),
      ),
      next: 'Were writes stopped before this?',
    },
  }),

  'Wait for replication to catch up': wait({
    comment:
      'Ready when several fresh lag readings are under the limit, and no long transaction is to be waited for. No reading is never a good one.',
    given: ['request', 'deployment', 'wayBack', 'pauseLeft'],
    tick: tick(paces.catchUp),
    notYet: 'Is there still time to catch up?',
    caught: [whenPaused('$window.closesAt')],
    failed: 'Were writes stopped before this?',
    assign: { deployment: x`$states.result` },
    next: 'Is a baseline to be taken?',
  }),

  'Is there still time to catch up?': choice({
    comment: 'Green must catch up within lag.withinMinutes and before the window closes.',
    options: [{ when: inTime, next: 'Wait for replication to catch up' }],
    otherwise: {
      assign: keepFailure(
        late(
          'Wait for replication to catch up',
          'replication did not catch up in time, or long transactions stayed open',
        ),
      ),
      next: 'Were writes stopped before this?',
    },
  }),

  'Is a baseline to be taken?': choice({
    comment:
      'A bake that compares metrics needs to know what is usual on blue. One of less than two minutes compares nothing. After readers were on green the hour before says nothing of blue: what was measured before them stays.',
    options: [
      {
        when: x`$count($request.bake.metrics) > 0 and $request.bake.minutes >= 2 and $not($reads.over)`,
        next: 'Take the baseline',
      },
    ],
    otherwise: 'Are reads to be led to green?',
  }),

  'Take the baseline': task({
    comment:
      'Measures blue for the bake, just before the cut and before readers leave it. It only reads and stops nothing: a missing metric leaves the bake undecided.',
    given: ['request', 'deployment'],
    seconds: 30,
    retry: [anyFaultBriefly],
    failed: {
      assign: { baseline: x`{'usual': {}, 'missing': {}, 'because': $states.errorOutput.Cause}` },
      next: 'Are reads to be led to green?',
    },
    assign: { baseline: x`$states.result.Payload` },
    next: 'Are reads to be led to green?',
  }),

  'Final check': task({
    comment:
      'Reads everything once more just before the cut: deployment, members, lag, plan hash, seals and expiry of the approvals, window, alarms. It believes nothing that was read earlier. While many others switch over, it waits for its turn.',
    given: ['request', 'deployment', 'wayBack', 'window', 'approval'],
    seconds: 60,
    retry: [faults, memberFlaps, inTurn],
    failed: 'Were writes stopped before this?',
    assign: { deployment: x`$states.result.Payload` },
    next: 'Warm the functions',
  }),
};
