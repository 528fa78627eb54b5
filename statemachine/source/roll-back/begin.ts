import { inputFits, inputLength, now, x } from '../expressions.ts';
import { failure } from '../failures.ts';
import { hasHook } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusy } from '../policies.ts';
import { type Begin, choice, pass, task } from './names.ts';

export const begin: Phase<Begin> = {
  'Take the input': pass({
    comment:
      'Gives every variable its first value. Input: {"executionArn": ARN of the run, "requestedBy": optional, "compare": optional, "acceptLoss": optional, a stated loss that a person accepts}.',
    assign: {
      run: x`${inputFits} and $type($states.input.executionArn) = 'string' ? $states.input.executionArn : null`,
      request: {},
      deployment: {},
      wayBack: {},
      findings: [],
      window: {},
      approval: {},
      tests: {},
      serving: {},
      snapshot: {},
      outcome: {},
      positions: {},
      progress: null,
      leads: {},
      begunBefore: false,
      moved: false,
      failure: null,
      cleanupFailure: null,
      end: 'Going back incomplete: look before any retry',
      waitingSince: now,
      deadline: now,
      renamed: null,
      change: null,
      writesStopped: false,
      hookAnswer: {},
      loss: null,
      accepted: null,
      doubt: null,
      exceeding: [],
    },
    next: 'Read the run',
  }),

  'Read the run': task({
    comment:
      'Reads from the history of the run what its way back is, proves that new production serves or that an earlier execution has begun to move it, and marks new production as going back by this execution.',
    given: [],
    with: { input: x`${inputFits} ? $states.input : ${inputLength}` },
    seconds: 120,
    retry: [faults, sqlBusy],
    caught: [
      {
        errors: ['BlueGreen.RequestInvalid'],
        assign: { ...failure, end: 'Going back refused: nothing was changed' },
        next: 'Record outcome',
      },
      {
        errors: ['BlueGreen.PreconditionFailed'],
        assign: { ...failure, end: 'Did not go back: green serves production' },
        next: 'Record outcome',
      },
    ],
    failed: 'Record outcome',
    assign: {
      run: x`$states.result.Payload.run`,
      request: x`$states.result.Payload.request`,
      deployment: x`$states.result.Payload.deployment`,
      wayBack: x`$states.result.Payload.wayBack`,
      begunBefore: x`$states.result.Payload.begunBefore`,
      moved: x`$states.result.Payload.moved`,
      accepted: x`$states.result.Payload.accepted`,
      findings: x`$states.result.Payload.findings`,
    },
    next: 'How far did an earlier execution get?',
  }),

  'How far did an earlier execution get?': choice({
    comment:
      "Once the address of production has left new production there is no other direction than on. Before, blue is attached again, because an earlier execution may have detached it. Such an execution may have stopped the application's writes as well, and this one resumes them.",
    options: [
      {
        when: x`$moved`,
        assign: { writesStopped: hasHook('stopWrites') },
        next: 'Begin to swap the endpoint',
      },
      {
        when: x`$begunBefore`,
        assign: { writesStopped: hasHook('stopWrites') },
        next: 'Attach the rollback target',
      },
    ],
    otherwise: 'Are writes to be stopped first?',
  }),

  'Attach the rollback target': task({
    comment: 'Lets the target receive again from where its slots stand. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: 'Stay on new production',
    next: 'Are writes to be stopped first?',
  }),
};
