import { paces } from '../../functions/domain/model/tick.ts';
import { fromNow, now, type Value, x } from './expressions.ts';
import type { Level, Phase } from './level.ts';
import { faults, rdsBusy } from './policies.ts';
import { fail, statesOf, succeed } from './states.ts';
import { tick } from './ticks.ts';

export type ApprovalOfAGroup =
  | 'Begin with this group'
  | 'Ask for approval'
  | 'Wait for approval'
  | 'What is due for this approval?'
  | 'Remind of the question'
  | 'Escalate the question'
  | 'Did this group approve?'
  | 'This group approved'
  | 'This group said no'
  | 'No answer in time'
  | 'This run was asked to stop'
  | 'This run was asked to pause';

/** Variables of one group. */
type Variable = 'group' | 'askedAt' | 'remindAt' | 'escalateAt' | 'reminded' | 'escalated' | 'said';
/** Variables of both machines that a group is shown. */
type Shown = 'request' | 'deployment' | 'window' | 'findings' | 'tests' | 'wayBack';

const { task, wait, choice, pass } = statesOf<ApprovalOfAGroup, Variable | Shown>();

/** What the people of a group are shown in either machine. */
const evidence = ['request', 'deployment', 'window', 'findings', 'tests', 'wayBack', 'group'] as const;

/**
 * The states that every group goes through.
 * @param shown what its people are shown besides, as payload
 */
export function approvalOfAGroup(shown: Record<string, Value>): Level<ApprovalOfAGroup> {
  return { startAt: 'Begin with this group', states: statesOfAGroup(shown) };
}

const statesOfAGroup = (shown: Record<string, Value>): Phase<ApprovalOfAGroup> => ({
  'Begin with this group': pass({
    comment:
      'A group has its own clock: when it was asked, when it is reminded, when its escalation goes out.',
    assign: {
      group: x`$states.input`,
      askedAt: now,
      remindAt: fromNow('($toMillis($window.approveBy) - $millis()) / 2'),
      escalateAt: fromNow('($toMillis($window.approveBy) - $millis()) * 4 / 5'),
      reminded: false,
      escalated: false,
    },
    next: 'Ask for approval',
  }),

  'Ask for approval': task({
    comment:
      'Sends the evidence, sealed links and the phrase that their page asks for to the group. A link names no token, and nobody can read it.',
    given: evidence,
    with: { message: 'ask', askedAt: x`$askedAt`, ...shown },
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: null,
    next: 'Wait for approval',
  }),

  'Wait for approval': wait({
    comment:
      'Open until a person decides. Each look re-reads the facts; changed facts end the wait. No event answers it or ends a look; a wrong phrase ends a look, which counts it.',
    kind: 'approval',
    given: ['request', 'deployment', 'window', 'askedAt'],
    with: shown,
    tick: tick({
      ...paces.approval,
      since: '$toMillis($askedAt)',
      until: '$toMillis($escalated ? $window.approveBy : $reminded ? $escalateAt : $remindAt)',
      together: '$count($request.approval.groups)',
    }),
    notYet: 'What is due for this approval?',
    caught: [
      {
        errors: ['BlueGreen.StopRequested'],
        assign: { said: x`{'because': $states.errorOutput.Cause}` },
        next: 'This run was asked to stop',
      },
      {
        errors: ['BlueGreen.PauseRequested'],
        assign: { said: x`{'because': $states.errorOutput.Cause}` },
        next: 'This run was asked to pause',
      },
    ],
    failed: null,
    assign: { said: x`$states.result` },
    next: 'Did this group approve?',
  }),

  'What is due for this approval?': choice({
    comment: 'Reminder and escalation are states of their own, so that a repeated look never sends twice.',
    options: [
      { when: x`$millis() >= $toMillis($window.approveBy)`, next: 'No answer in time' },
      { when: x`$millis() >= $toMillis($escalateAt) and $not($escalated)`, next: 'Escalate the question' },
      { when: x`$millis() >= $toMillis($remindAt) and $not($reminded)`, next: 'Remind of the question' },
    ],
    otherwise: 'Wait for approval',
  }),

  'Remind of the question': task({
    comment: 'Sent once, at half of the time.',
    function: 'askForApproval',
    given: evidence,
    with: { message: 'remind', askedAt: x`$askedAt`, ...shown },
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: null,
    assign: { reminded: true },
    next: 'Wait for approval',
  }),

  'Escalate the question': task({
    comment: 'Sent once, at four fifths of the time, to the announcements as well.',
    function: 'askForApproval',
    given: evidence,
    with: { message: 'escalate', askedAt: x`$askedAt`, ...shown },
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: null,
    assign: { reminded: true, escalated: true },
    next: 'Wait for approval',
  }),

  'Did this group approve?': choice({
    comment: 'Only the word approve is a yes.',
    options: [{ when: x`$said.decision = 'approve'`, next: 'This group approved' }],
    otherwise: 'This group said no',
  }),

  'This group approved': succeed(
    'The sealed decision goes to the record; the final check verifies its seal.',
    x`$said`,
  ),

  'This group said no': fail(
    'The first no ends the question for all groups.',
    'BlueGreen.ApprovalDenied',
    x`'group ' & $group.name & ' said no. ' & $said.by & ' (' & $said.identified & ') rejected it: ' & ($exists($said.reason) ? $said.reason : 'no reason given')`,
  ),

  'No answer in time': fail(
    'No answer is a no.',
    'BlueGreen.NotReadyInTime',
    x`'group ' & $group.name & ' did not answer before ' & $window.approveBy`,
  ),

  'This run was asked to stop': fail(
    'A person stopped the execution instead of deciding.',
    'BlueGreen.StopRequested',
    x`$said.because`,
  ),

  'This run was asked to pause': fail(
    'A person paused the run instead of deciding. Nobody is asked meanwhile.',
    'BlueGreen.PauseRequested',
    x`$said.because`,
  ),
});
