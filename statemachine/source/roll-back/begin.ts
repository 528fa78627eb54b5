import { announcement, announcing } from '../announcement.ts';
import { approvalOfAGroup } from '../approval-of-a-group.ts';
import { inputFits, inputLength, now, x } from '../expressions.ts';
import { failure } from '../failures.ts';
import { hasHook } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusy } from '../policies.ts';
import { warmingOf } from '../warming.ts';
import { answered, type Begin, choice, each, pass, task } from './names.ts';

/** Where an execution ends that has changed nothing; the second with the proof that new production serves. */
const refused = [
  {
    errors: ['BlueGreen.RequestInvalid', 'BlueGreen.ApprovalDenied'],
    assign: { ...failure, end: 'Going back refused: nothing was changed' },
    next: 'Record outcome',
  },
  {
    errors: ['BlueGreen.PreconditionFailed'],
    assign: { ...failure, end: 'Did not go back: green serves production' },
    next: 'Record outcome',
  },
] satisfies Parameters<typeof task>[0]['caught'];

export const begin: Phase<Begin> = {
  'Take the input': pass({
    comment:
      'Gives every variable its first value. Input: {"executionArn": ARN of the run, "requestedBy": optional, "compare": optional, "acceptLoss": optional, a stated loss that people are asked to accept}.',
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
      reads: null,
      writesStopped: false,
      hookAnswer: {},
      loss: null,
      accepted: null,
      doubt: null,
      exceeding: [],
      plan: {},
      asks: true,
      asked: x`${inputFits} ? $states.input : ${inputLength}`,
    },
    next: 'Read the run',
  }),

  'Read the run': task({
    comment:
      'Reads from the history of the run what its way back is, proves that new production serves or that an earlier execution has begun to move it, and finds out whether people must say yes first. Changes nothing.',
    given: [],
    with: { input: x`$asked` },
    seconds: 120,
    retry: [faults, sqlBusy],
    caught: refused,
    failed: 'Record outcome',
    assign: answered('run', 'request', 'deployment', 'wayBack', 'findings', 'window', 'plan', 'asks'),
    next: 'Is a yes of people needed?',
  }),

  'Is a yes of people needed?': choice({
    comment:
      'Going back keeps everybody from writing for a while, as the switchover does, so the same people are asked. Only what the bake itself has decided, and what was begun with a yes and not brought to its end, needs no further one.',
    options: [{ when: x`$asks`, next: 'Get the approval of every group' }],
    otherwise: 'Begin to go back',
  }),

  'Get the approval of every group': each({
    comment:
      'Asks all groups of the request at the same time, as before a switchover. The first no ends the question; nothing is closed or marked meanwhile.',
    items: x`$request.approval.groups`,
    states: approvalOfAGroup({ goingBack: x`$plan` }),
    failed: {
      assign: { ...failure, end: 'Going back refused: nothing was changed' },
      next: 'Record outcome',
    },
    assign: { approval: x`{'decisions': $states.result}` },
    next: 'Begin to go back',
  }),

  'Begin to go back': task({
    comment:
      'Reads the run once more, verifies the seal of each yes, that going back was not begun too often in the last hour, and marks new production as going back by this execution.',
    function: 'readTheRun',
    given: ['plan', 'asks', 'window', 'approval'],
    with: { input: x`$asked` },
    seconds: 120,
    retry: [faults, sqlBusy],
    caught: refused,
    failed: 'Record outcome',
    assign: answered(
      'run',
      'request',
      'deployment',
      'wayBack',
      'begunBefore',
      'moved',
      'accepted',
      'findings',
    ),
    next: 'Announce that production goes back',
  }),

  'Announce that production goes back': task({
    comment:
      'Tells, before anything is closed, which database production leaves for which, and who said yes.',
    ...announcing,
    given: ['run', 'request', 'deployment', 'wayBack', 'approval'],
    with: announcement('going-back'),
    failed: { next: 'Warm the functions' },
    next: 'Warm the functions',
  }),

  'Warm the functions': each(
    warmingOf({
      keys: [
        'waitForTheLastChanges',
        'checkForOtherWriters',
        'compareBothSides',
        'detachTheRollbackTarget',
        'setTheSequences',
        'swapTheEndpoint',
        'waitForTheEndpoint',
        'waitForTheDnsTtl',
        'admitTheApplication',
        'openBlueForWrites',
        'verifyGoingBack',
      ],
      next: 'How far did an earlier execution get?',
    }),
  ),

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
