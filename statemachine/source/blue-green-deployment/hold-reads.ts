import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, hours, inTime, minutes, now, x } from '../expressions.ts';
import { bothFailures, keepCleanupFailure, keepFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, throttledInTheCut } from '../policies.ts';
import { tick } from '../ticks.ts';
import { choice, fault, type HoldReads, late, task, wait } from './names.ts';

/** Notes more about the readers. Text of JSONata. */
const note = (more: string) => ({ reads: x`$merge([$reads, ${more}])` });

const notBackInTime = late('Wait for readers to come back', 'readers were not back on blue in time');

export const holdReads: Phase<HoldReads> = {
  'Are reads to be led to green?': choice({
    comment:
      'Where the request names a record of readers, they come to green step by step, after the approval and in the window: approvers were told how old the rows may be that readers see there.',
    options: [
      {
        when: x`$exists($request.readRamp) and $not($reads.over)`,
        assign: note("{'led': true, 'begunAt': $now()}"),
        next: 'Lead reads to green',
      },
    ],
    otherwise: 'Final check',
  }),

  'Lead reads to green': task({
    comment:
      'Leads the share of the next step to green, by the weights of two records of Route 53, once its rows are young enough. Writes go to blue as before.',
    given: ['request', 'deployment'],
    with: { percent: x`$request.readRamp.steps[$reads.step]` },
    seconds: 60,
    retry: [faults, rdsBusy, throttledInTheCut],
    failed: 'Were writes stopped before this?',
    assign: {
      ...note('$states.result.Payload'),
      waitingSince: now,
      deadline: x`$states.result.Payload.deadline`,
    },
    next: 'Watch the reads',
  }),

  'Watch the reads': wait({
    comment:
      "Compares green with blue's figures of the same minutes and of the hour before, and watches alarms, lag and green's members. What is not known at the end of a step is no good step. Alarm changes wake it.",
    given: ['request', 'deployment', 'reads'],
    tick: tick({
      ...paces.bake,
      until: '$toMillis($millis() < $toMillis($reads.until) ? $reads.until : $deadline)',
    }),
    notYet: 'Is there still time for this step?',
    failed: 'Were writes stopped before this?',
    assign: note("{'found': $states.result}"),
    next: 'Was this step good?',
  }),

  'Is there still time for this step?': choice({
    comment: 'Ten minutes are left for figures that come late; then all readers go back.',
    options: [{ when: inTime, next: 'Watch the reads' }],
    otherwise: {
      assign: note("{'bad': 'no look at the readers gave an answer in time', 'late': true}"),
      next: 'Lead reads back',
    },
  }),

  'Was this step good?': choice({
    comment:
      'The next step, or back to blue: after the last one, too, since the names of green go with the cut.',
    options: [
      {
        when: x`$exists($reads.found.bad)`,
        assign: note("{'bad': $reads.percent & ' % of the reads on green: ' & $reads.found.bad}"),
        next: 'Lead reads back',
      },
      {
        when: x`$reads.step + 1 < $count($request.readRamp.steps)`,
        assign: note("{'step': $reads.step + 1}"),
        next: 'Lead reads to green',
      },
    ],
    otherwise: 'Lead reads back',
  }),

  'Were reads led to green?': choice({
    comment:
      'Every end before the cut leads all readers back to blue first. Green is removed after that only.',
    options: [{ when: x`$reads.led`, next: 'Lead reads back' }],
    otherwise: 'Should green be kept?',
  }),

  'Lead reads back': task({
    comment:
      'Leads all readers back to the name of production, which stays through the cut. Where that fails green is kept, and the outcome has the command.',
    function: 'leadReadsToGreen',
    given: ['request', 'deployment'],
    with: { percent: 0 },
    seconds: 60,
    retry: [faults, rdsBusy, throttledInTheCut],
    failed: { assign: bothFailures, next: 'Record outcome' },
    assign: {
      ...note("$states.result.Payload, {'over': true}"),
      waitingSince: now,
      deadline: fromNow(hours(1)),
    },
    next: 'Wait for readers to come back',
  }),

  'Wait for readers to come back': wait({
    comment:
      'Reads the record, waits until every name server answers it and then for as long as an old answer may live. Nothing is removed and no cut begins before.',
    function: 'watchTheReads',
    given: ['request', 'deployment', 'reads'],
    tick: tick(paces.cut),
    notYet: 'Are all readers back?',
    cannotStop: true,
    failed: { assign: bothFailures, next: 'Record outcome' },
    assign: note('$states.result'),
    next: 'Are all readers back?',
  }),

  'Are all readers back?': choice({
    comment:
      'An hour is given. With all readers on blue the run goes on: to the cut, to the people of the approval after a bad step, or to its end.',
    options: [
      {
        when: x`$not($reads.back) and $millis() < $toMillis($deadline)`,
        next: 'Wait for readers to come back',
      },
      {
        when: x`$not($reads.back)`,
        assign: { ...keepFailure(notBackInTime), ...keepCleanupFailure(notBackInTime) },
        next: 'Record outcome',
      },
      { when: x`$boolean($failure)`, next: 'Should green be kept?' },
      { when: x`$not($exists($reads.bad))`, next: 'Final check' },
      {
        when: x`$request.readRamp.onBadStep = 'ask'`,
        assign: {
          // The window stays: it holds the cut, as long as people answer in it.
          window: x`$merge([$window, {'approveBy': $fromMillis($min([$toMillis($window.closesAt) - $request.switchover.timeoutSeconds * 1000 - ${String(minutes(15))}, $millis() + $request.approval.withinHours * ${String(hours(1))}]))}])`,
          findings: x`$append($findings, [{'rule': 'read-ramp', 'severity': 'warning', 'message': 'readers were led back to blue: ' & $reads.bad}])`,
        },
        next: 'Is an approval required?',
      },
    ],
    otherwise: {
      // What the last look saw is told with a deadline alone: the history has it.
      assign: {
        ...keepFailure(
          `$reads.late ? ${fault('Watch the reads', 'BlueGreen.NotReadyInTime', '$reads.bad')} : ${fault('Watch the reads', 'BlueGreen.TestFailed', '$reads.bad')}`,
        ),
      },
      next: 'Should green be kept?',
    },
  }),
};
