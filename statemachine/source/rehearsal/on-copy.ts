import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, hours, inputFits, inputLength, inTime, now, x } from '../expressions.ts';
import { failure as keepCaught, keepFailure } from '../failures.ts';
import { answerOfLoad, hookDryRunOfLoad, hookOfLoad } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults } from '../policies.ts';
import { tick } from '../ticks.ts';
import { choice, fault, late, pass, type RehearsalState, start, task, wait } from './names.ts';

/** A failure is kept, and everything that was made is deleted. */
const removed = { assign: keepCaught, next: 'Begin with the removal' } as const;

type OnCopy = Extract<
  RehearsalState,
  | 'Take the request'
  | 'Is this a clean-up?'
  | 'Validate request'
  | 'Is a load asked for?'
  | 'Ask whether the load may be started'
  | 'Make the copy'
  | 'Is there still time for the copy?'
  | 'Is the load to be started?'
  | 'Start the load on the copy'
  | 'Was the load started?'
  | 'Start the run on the copy'
  | 'Wait for the run on the copy'
  | 'Is there still time for the run on the copy?'
  | 'What became of the run on the copy?'
  | 'Go back on the copy'
>;

export const onCopy: Phase<OnCopy> = {
  'Take the request': pass({
    comment:
      'Gives every variable its first value: request (the input), copied (the copy, and what the run on it is asked), load (the function that puts load on the copy), loadSaid (its last answer), goingBack (the execution that goes back there), rehearsed (what was measured), outcome, failure (the first error), cleanupFailure.',
    assign: {
      request: x`${inputFits} ? $states.input : {}`,
      copied: null,
      load: null,
      loadSaid: null,
      goingBack: null,
      rehearsed: null,
      outcome: {},
      failure: null,
      cleanupFailure: null,
      end: 'Rehearsal failed: production was not touched',
      waitingSince: now,
      deadline: fromNow(hours(24)),
    },
    next: 'Is this a clean-up?',
  }),

  'Is this a clean-up?': choice({
    comment: 'A rehearsal that was stopped leaves its copy to another execution.',
    options: [
      {
        when: x`$exists($request.removeCopyOf)`,
        assign: { end: 'Rehearsed on a copy: production was not touched' },
        next: 'Begin with the removal',
      },
    ],
    otherwise: 'Validate request',
  }),

  'Validate request': task({
    comment:
      'Reads the request once, as a run does, fills in the careful defaults and refuses unknown fields. Nothing is called.',
    given: [],
    with: {
      input: x`$type($request.rehearseOnCopy) = 'object' ? ($request ~> |$|{}, 'rehearseOnCopy'|) : $request`,
      rehearseOnCopy: x`$type($request.rehearseOnCopy) = 'object' ? $request.rehearseOnCopy : {}`,
      characters: x`${inputLength}`,
    },
    seconds: 60,
    retry: [faults],
    failed: removed,
    assign: { request: x`$states.result.Payload` },
    next: 'Is a load asked for?',
  }),

  'Is a load asked for?': choice({
    comment: 'A function of the user may put load on the copy while the run works on it.',
    options: [
      { when: x`$exists($request.rehearseOnCopy.load)`, next: 'Ask whether the load may be started' },
    ],
    otherwise: 'Make the copy',
  }),

  'Ask whether the load may be started': hookDryRunOfLoad({
    comment:
      'A dry run of Lambda, before hours go into a copy: it looks whether the function exists and may be invoked, and runs nothing.',
    arn: '$request.rehearseOnCopy.load.arn',
    failed: removed,
    next: 'Make the copy',
  }),

  'Make the copy': wait({
    comment:
      'Copies production (Aurora copy-on-write, an instance from its backups) behind the security group of the stack, and seals the run that may go there without an approval. Production is only read.',
    given: ['request'],
    tick: tick(paces.usual),
    notYet: 'Is there still time for the copy?',
    failed: removed,
    assign: { copied: x`$states.result` },
    next: 'Is the load to be started?',
  }),

  'Is there still time for the copy?': choice({
    comment: 'A day for the copy.',
    options: [{ when: inTime, next: 'Make the copy' }],
    otherwise: {
      assign: keepFailure(late('Make the copy', 'the copy was not made in time')),
      next: 'Begin with the removal',
    },
  }),

  'Is the load to be started?': choice({
    comment:
      'From here on the load is stopped before the copy is removed, whether its start was answered or not.',
    options: [
      {
        when: x`$exists($request.rehearseOnCopy.load)`,
        assign: {
          load: x`{'arn': $request.rehearseOnCopy.load.arn, 'rehearsal': $states.context.Execution.Id, 'database': $copied.copy.id, 'resourceId': $copied.resourceId, 'endpoint': $copied.copy.endpoint}`,
        },
        next: 'Start the load on the copy',
      },
    ],
    otherwise: 'Start the run on the copy',
  }),

  'Start the load on the copy': hookOfLoad({
    comment:
      'Invokes the function of the user that puts load on the copy. It is told name and address of the copy, and nothing of production.',
    stage: 'startLoad',
    load: '$load',
    failed: removed,
    assign: { outcome: x`${answerOfLoad}` },
    next: 'Was the load started?',
  }),

  'Was the load started?': choice({
    comment: 'A cut that was to be measured under load says nothing without it.',
    options: [{ when: x`$outcome.verdict = 'pass'`, next: 'Start the run on the copy' }],
    otherwise: {
      assign: keepFailure(
        fault(
          'Start the load on the copy',
          'BlueGreen.TestFailed',
          "'the load on the copy was not started: ' & ($exists($outcome.because) ? $outcome.because : 'the hook gave no answer of the form {verdict, because, facts}')",
        ),
      ),
      next: 'Begin with the removal',
    },
  }),

  'Start the run on the copy': start({
    comment:
      'Starts the workflow that is deployed, unchanged, on the copy. Its name follows from the rehearsal, so that it is started once.',
    machine: 'runMachine',
    execution: x`$copied.names.run`,
    input: x`$copied.request`,
    failed: removed,
    assign: {
      waitingSince: now,
      deadline: fromNow(`($copied.request.target.readyWithinHours + 96) * ${hours(1)}`),
    },
    next: 'Wait for the run on the copy',
  }),

  'Wait for the run on the copy': wait({
    comment:
      'Ready when the run on the copy bakes and has a way back, and again when it has ended. It looks every quarter of an hour at the least, so that going back is begun within the bake.',
    given: ['copied', 'goingBack'],
    tick: tick(paces.bake),
    notYet: 'Is there still time for the run on the copy?',
    failed: removed,
    assign: { outcome: x`$states.result` },
    next: 'What became of the run on the copy?',
  }),

  'Is there still time for the run on the copy?': choice({
    comment: 'Four days beyond the time that green is given.',
    options: [{ when: inTime, next: 'Wait for the run on the copy' }],
    otherwise: {
      assign: keepFailure(late('Wait for the run on the copy', 'the run on the copy did not end in time')),
      next: 'Begin with the removal',
    },
  }),

  'What became of the run on the copy?': choice({
    comment:
      'In its bake production of the copy goes back, on purpose. A run that ended otherwise than it should fails the rehearsal.',
    options: [
      { when: x`$goingBack = null and $exists($outcome.mayGoBack)`, next: 'Go back on the copy' },
      {
        when: x`$exists($outcome.rehearsed)`,
        assign: {
          rehearsed: x`$outcome.rehearsed`,
          end: 'Rehearsed on a copy: production was not touched',
        },
        next: 'Begin with the removal',
      },
    ],
    otherwise: {
      assign: keepFailure(fault('Wait for the run on the copy', 'BlueGreen.TestFailed', '$outcome.failed')),
      next: 'Begin with the removal',
    },
  }),

  'Go back on the copy': start({
    comment: 'Starts the execution that goes back, unchanged, for the run on the copy: a drill.',
    machine: 'rollBackMachine',
    execution: x`$copied.names.goingBack`,
    input: x`{'executionArn': $copied.run, 'requestedBy': 'a rehearsal on a copy'}`,
    failed: removed,
    assign: { goingBack: x`$states.result.ExecutionArn` },
    next: 'Wait for the run on the copy',
  }),
};
