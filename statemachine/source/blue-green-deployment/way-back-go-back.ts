import { paces } from '../../../functions/domain/model/tick.ts';
import { announcement, announcing } from '../announcement.ts';
import { inTime, x } from '../expressions.ts';
import { bothFailures, cleanupFailure, keepCleanupFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy } from '../policies.ts';
import { tick } from '../ticks.ts';
import { choice, late, start, task, type WayBackGoBack, wait } from './names.ts';
import {
  decision,
  goesBack,
  personGoesBack,
  untilDecided,
  wayBackClosed,
  wayBackFoundLost,
  wayBackInDoubt,
} from './way-back.ts';

/** Going back was asked for in the bake of a run on a copy, which a rehearsal does. */
const isDrill = "$exists($request.copy) and $failure.error = 'BlueGreen.StopRequested'";

export const wayBackGoBack: Phase<WayBackGoBack> = {
  'Is production to go back?': choice({
    comment:
      'Where wayBack.onFailure is go-back, what the bake itself has found goes back at once. A person who stops the run decides that alone no more than an undecided bake does: people are asked, as after every failure where onFailure is ask.',
    options: [
      {
        when: x`$wayBack.attached and $wayBack.open and $request.wayBack.onFailure = 'go-back' and $failure.error = 'BlueGreen.TestFailed'`,
        next: 'Announce that the bake failed',
      },
      {
        when: x`$wayBack.attached and $wayBack.open`,
        assign: untilDecided,
        next: 'Ask whether to go back',
      },
    ],
    otherwise: 'Is a way back left?',
  }),

  'Announce that the bake failed': task({
    comment: 'Tells why production goes back by itself, and that nobody can write meanwhile.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('bake-failed', { failure: x`$failure` }),
    failed: { next: 'Go back' },
    next: 'Go back',
  }),

  'Ask whether to go back': task({
    comment: 'Announces the reason, until when people may decide, and how they ask to go back.',
    ...announcing,
    // Nothing else happens meanwhile, and nobody decides who was not asked.
    retry: [faults, rdsBusy],
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('go-back-asked', decision),
    failed: { assign: cleanupFailure, next: 'Are there people to ask?' },
    next: 'Are there people to ask?',
  }),

  'Are there people to ask?': choice({
    comment:
      'The people of the approval are asked by the execution that would go back, with a link and a page. Where the request asks nobody, such an execution would go back at once.',
    options: [{ when: x`$request.approval.required`, next: 'Ask the people of the approval' }],
    otherwise: 'Wait for a decision',
  }),

  'Ask the people of the approval': start({
    comment:
      'Starts the state machine that goes back, under a name that gives it no right to go back by itself: it asks every group, and ends without having changed anything where people say no or nothing.',
    machine: 'rollBackMachine',
    execution: x`$substring($states.context.Execution.Name, 0, 40) & '-asks-' & $substring($hash($states.context.Execution.Id & $waitingSince, 'SHA-256'), 0, 32)`,
    with: {},
    failed: { assign: cleanupFailure, next: 'Wait for a decision' },
    next: 'Wait for a decision',
  }),

  'Wait for a decision': wait({
    comment:
      'Keeps the way back open and watched until somebody starts going back, stops the run, or the time of approval.withinHours is over. No answer is a no.',
    given: ['request', 'deployment', 'wayBack'],
    tick: tick({ ...paces.usual, until: '$toMillis($reminders < 2 ? $nextReminder : $deadline)' }),
    notYet: 'Is there still time to decide?',
    failed: 'Is a way back left?',
    assign: { found: x`$states.result` },
    next: 'What was decided?',
  }),

  'Is there still time to decide?': choice({
    comment: 'Nobody decided: production stays where it is, and the outcome tells that.',
    options: [
      {
        when: x`$millis() < $toMillis($deadline) and $reminders < 2 and $millis() >= $toMillis($nextReminder)`,
        assign: {
          reminders: x`$reminders + 1`,
          nextReminder: x`$fromMillis($toMillis($deadline) - $request.approval.withinHours * 720000)`,
        },
        next: 'Remind of the question whether to go back',
      },
      { when: inTime, next: 'Wait for a decision' },
    ],
    otherwise: {
      assign: keepCleanupFailure(late('Wait for a decision', 'nobody has decided whether to go back')),
      next: 'Is a way back left?',
    },
  }),

  'Remind of the question whether to go back': task({
    comment: 'At half of the time, and as the last call at four fifths of it.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: {
      ...announcement('go-back-reminded', decision),
      announcement: x`$reminders = 1 ? 'go-back-reminded' : 'go-back-last-call'`,
    },
    failed: { next: 'Wait for a decision' },
    next: 'Wait for a decision',
  }),

  'What was decided?': choice({
    comment: 'Going back is an execution of its own, started by a person; this run waits for its end.',
    options: [
      {
        when: x`$exists($found.goingBack)`,
        assign: personGoesBack,
        next: 'Wait for going back',
      },
      {
        when: x`$exists($found.lost)`,
        assign: wayBackFoundLost,
        next: 'Is a way back left?',
      },
    ],
    otherwise: {
      assign: wayBackInDoubt,
      next: 'Is there still time to decide?',
    },
  }),

  'Go back': start({
    comment:
      'Starts the state machine that goes back, under a name that follows from this run and that nobody else can know beforehand; by it the execution knows that the bake has decided, and asks nobody. It is not a nested one: nothing that happens to this run stops it half-way.',
    machine: 'rollBackMachine',
    execution: x`$substring($states.context.Execution.Name, 0, 40) & '-back-' & $substring($hash($states.context.Execution.Id & $waitingSince, 'SHA-256'), 0, 32)`,
    with: { requestedBy: 'the run itself' },
    failed: {
      assign: {
        ...cleanupFailure,
        ...untilDecided,
      },
      next: 'Ask whether to go back',
    },
    assign: goesBack,
    next: 'Wait for going back',
  }),

  'Wait for going back': wait({
    comment: 'Ready when the execution that goes back has ended. It has at most eight hours.',
    given: ['request', 'deployment', 'wayBack', 'goingBack'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for going back?',
    failed: {
      assign: { serving: x`{'side': 'unknown', 'because': $states.errorOutput.Cause}` },
      next: 'Did going back succeed?',
    },
    assign: { serving: x`$states.result.serving`, deployment: x`$states.result.deployment` },
    next: 'Did going back succeed?',
  }),

  'Is there still time for going back?': choice({
    comment: 'An hour more than the execution may take.',
    options: [{ when: inTime, next: 'Wait for going back' }],
    otherwise: {
      assign: {
        serving: x`{'side': 'unknown', 'late': 'Wait for going back', 'because': $goingBack & ' did not end in time'}`,
      },
      next: 'Did going back succeed?',
    },
  }),

  'Did going back succeed?': choice({
    comment:
      'Where it did not, its result shows whether new production was proved to serve. On a copy going back in the bake is what was to be rehearsed: no failure.',
    options: [
      {
        when: x`$serving.side = 'blue' and ${isDrill}`,
        assign: { end: 'Went back on a copy: production was not touched', failure: null },
        next: 'Record outcome',
      },
      {
        when: x`$serving.side = 'blue'`,
        assign: { end: 'Went back: blue serves production' },
        next: 'Record outcome',
      },
      { when: x`$serving.side = 'green'`, next: 'May going back be tried again?' },
    ],
    otherwise: { assign: { end: 'Going back incomplete: look before any retry' }, next: 'Record outcome' },
  }),

  'May going back be tried again?': choice({
    comment:
      'An execution that stayed on new production, or was refused, has reported the reason, or the loss. The way back is kept for another try, or for a person who accepts the loss: three times at most, each time for approval.withinHours. A mere doubt in the stream does not close it meanwhile.',
    options: [
      {
        when: x`$returns < 3`,
        assign: {
          returns: x`$returns + 1`,
          wayBack: x`$merge([$wayBack, {'kept': true}])`,
          ...untilDecided,
        },
        next: 'Wait for a decision',
      },
    ],
    otherwise: 'Is a way back left?',
  }),

  'Is a way back left?': choice({
    comment: 'Nothing of ours that keeps log may be left on new production when the run ends.',
    options: [{ when: x`$wayBack.open`, next: 'Close the way back' }],
    otherwise: 'Is a clone left?',
  }),

  'Close the way back': task({
    comment:
      'Removes subscription, slots and publications of the way back; from here on there is none. Refused while an execution is going back by it.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: { assign: bothFailures, next: 'Record outcome' },
    assign: wayBackClosed,
    next: 'Is a clone left?',
  }),

  'Is a clone left?': choice({
    comment: 'A clone that production did not go back to costs money for nothing from here on.',
    options: [
      { when: x`$wayBack.possible and $wayBack.target = 'clone'`, next: 'Remove the rollback target' },
    ],
    otherwise: 'Is this a failed run?',
  }),

  'Remove the rollback target': task({
    comment:
      "Deletes the clone of a way back that is closed and was not used, after the proof by resource id that it is this run's and that new production serves.",
    given: ['request', 'deployment', 'wayBack'],
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: { assign: bothFailures, next: 'Record outcome' },
    next: 'Is this a failed run?',
  }),
};
