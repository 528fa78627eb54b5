import { paces } from '../../../functions/domain/model/tick.ts';
import { entered } from '../announcement.ts';
import { inTime, minutes, x } from '../expressions.ts';
import { failure, keepFailure, replaceFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy, throttledInTheCut } from '../policies.ts';
import { tick } from '../ticks.ts';
import { warmingOf } from '../warming.ts';
import { untilSecured, untilSwitchedOver } from './cut-times.ts';
import {
  type Cut,
  choice,
  each,
  fault,
  hook,
  hookAnsweringLater,
  hookSaidNo,
  pause,
  task,
  wait,
} from './names.ts';

/** A hook that failed may have stopped writes, so they are resumed. */
const stopFailed = {
  assign: { ...failure, writesStopped: true },
  next: 'Were writes stopped before this?',
} as const;

/** A client is without writes from the call of the hook on. */
const stopped = { writesStopped: true, writesOut: { since: entered, by: 'hook' } } as const;

/** Without a hook it is so from the call of the switchover on. */
const switchingOver = {
  ...untilSwitchedOver,
  writesOut: x`$writesOut.by = 'hook' ? $writesOut : {'since': $states.context.State.EnteredTime, 'by': 'switchover'}`,
};

export const cut: Phase<Cut> = {
  'Warm the functions': each(
    warmingOf({
      keys: [
        'startSwitchover',
        'waitForSwitchover',
        'findProductionSide',
        'countChangesAfterTheCut',
        'secureTheWayBack',
        'releaseApplicationWrites',
      ],
      // Asked again after a refusal, which comes soon and may come often, they are still warm.
      unless: '$refusals > 0 or $exists($turnedAwayUntil) and $turnedAwayUntil != null',
      next: 'Are writes to be stopped first?',
    }),
  ),

  'Are writes to be stopped first?': choice({
    comment: "A hook of the user may hold the application's writes before the cut.",
    options: [
      { when: answersLater('stopWrites'), next: 'Stop writes and wait for the answer' },
      { when: hasHook('stopWrites'), next: 'Stop writes' },
    ],
    otherwise: 'Are application writes to be held?',
  }),

  'Stop writes': hook({
    comment:
      "Invokes the user's stopWrites hook. From here on every path that knows the serving side resumes writes there.",
    stage: 'stopWrites',
    endpoint: '$deployment.blue.endpoint',
    failed: stopFailed,
    assign: stopped,
    next: 'Did writes stop?',
  }),

  'Stop writes and wait for the answer': hookAnsweringLater({
    comment: 'The callback form of stopWrites.',
    stage: 'stopWrites',
    endpoint: '$deployment.blue.endpoint',
    failed: stopFailed,
    assign: stopped,
    next: 'Did writes stop?',
  }),

  'Did writes stop?': choice({
    comment: "Anything else than the verdict 'pass' is a no.",
    options: [{ when: hookPassed, next: 'Are application writes to be held?' }],
    otherwise: { assign: keepFailure(hookSaidNo('Stop writes')), next: 'Were writes stopped before this?' },
  }),

  'Are application writes to be held?': choice({
    comment:
      'The way back begins before the first write on new production. Where no hook stops the application, its roles are made read-only on green before the cut. Where green follows by the binary log the cut is found in it afterwards, and only its place before the cut is noted.',
    options: [
      {
        when: x`$wayBack.possible and ($count($request.wayBack.applicationRoles) > 0 or $deployment.replication = 'binlog')`,
        assign: { writesHeld: true },
        next: 'Hold application writes',
      },
    ],
    otherwise: 'Start switchover',
  }),

  'Hold application writes': task({
    comment:
      'Makes the roles of the application read-only on green; roles are not replicated, so blue does not notice. Of MySQL and MariaDB it holds nobody and notes where the log of green stands. Fails the run while nothing has happened: people approved a way back.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Were writes stopped before this?',
    assign: {
      wayBack: x`$merge([$wayBack, {'before': $states.result.Payload.before, 'closedBefore': $states.result.Payload.closedBefore}])`,
    },
    next: 'Start switchover',
  }),

  'Start switchover': task({
    comment:
      'The one dangerous call. It reads, asks RDS once and is retried for no error: the next states read the result. Only a refusal that is proved not accepted leads back.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [],
    caught: [
      {
        errors: ['BlueGreen.Throttled'],
        assign: {
          turnedAwayUntil: x`$turnedAwayUntil ? $turnedAwayUntil : $fromMillis($millis() + ($writesStopped ? ${String(minutes(1))} : ${String(minutes(30))}))`,
          switchover: x`{'because': $states.errorOutput.Cause}`,
        },
        next: 'May this be turned away again?',
      },
      {
        errors: ['BlueGreen.Busy'],
        assign: {
          refusals: x`$refusals + 1`,
          switchover: x`{'because': $states.errorOutput.Cause}`,
        },
        next: 'Was this refused too often?',
      },
    ],
    failed: {
      assign: { ...switchingOver, ...failure },
      next: 'Wait for switchover',
    },
    assign: switchingOver,
    next: 'Wait for switchover',
  }),

  'Was this refused too often?': choice({
    comment: 'RDS did not accept the call, which is proved. Three times is enough.',
    options: [{ when: x`$refusals < 3`, next: 'Pause before another final check' }],
    otherwise: {
      assign: {
        ...replaceFailure(fault('Start switchover', 'BlueGreen.Busy', '$switchover.because')),
      },
      next: 'Were writes stopped before this?',
    },
  }),

  'May this be turned away again?': choice({
    comment:
      'AWS had no room for the call and has not seen it. That is for minutes, and no reason to lose green: half an hour is given, or a minute while a hook holds writes, and then green is kept.',
    options: [{ when: x`$millis() < $toMillis($turnedAwayUntil)`, next: 'Pause before another final check' }],
    otherwise: {
      assign: {
        ...replaceFailure(fault('Start switchover', 'BlueGreen.Throttled', '$switchover.because')),
      },
      next: 'Were writes stopped before this?',
    },
  }),

  'Pause before another final check': pause({
    comment: 'Gives RDS half a minute.',
    seconds: 30,
    next: 'Final check',
  }),

  'Wait for switchover': wait({
    comment:
      'Looks every second while RDS switches over. Its readings decide nothing: a later state proves by resource id which side serves. With a way back it also asks the databases, since RDS says only minutes later that it is done.',
    given: ['request', 'deployment', 'wayBack'],
    tick: tick(paces.cut),
    notYet: 'Is there still time for the switchover?',
    cannotStop: true,
    failed: { next: 'Find production side' },
    assign: { switchover: x`$states.result` },
    next: 'Does new production take writes already?',
  }),

  'Does new production take writes already?': choice({
    comment:
      'New production has proved itself that it is green, that applications can write there, and that no stream of RDS writes there any more. The way back is secured and the writes are released at once; that RDS is done, and which side serves, is proved afterwards.',
    options: [
      {
        when: x`$wayBack.possible and $not($exists($wayBack.changes)) and $exists($switchover.changes)`,
        assign: {
          early: true,
          wayBack: x`$merge([$wayBack, {'open': true, 'changes': $switchover.changes, 'at': $switchover.at}])`,
          ...untilSecured,
        },
        next: 'Secure the way back',
      },
      {
        when: x`$switchover.again = true`,
        assign: { switchover: {} },
        next: 'Is there still time for the switchover?',
      },
    ],
    otherwise: 'Find production side',
  }),

  'Is there still time for the switchover?': choice({
    comment: "The switchover's own timeout and 15 minutes more; RDS rolls back by itself before that.",
    options: [{ when: inTime, next: 'Wait for switchover' }],
    otherwise: 'Find production side',
  }),

  'Find production side': task({
    comment:
      'Proves by resource id, in two readings, which side the production name leads to and which side may be written. Unknown is an answer.',
    given: ['request', 'deployment'],
    seconds: 120,
    retry: [faults, rdsBusy, throttledInTheCut],
    failed: {
      assign: { ...failure, end: 'Outcome unknown: look before any retry', serving: { side: 'unknown' } },
      next: 'Record outcome',
    },
    assign: { serving: x`$states.result.Payload` },
    next: 'Which side serves production?',
  }),

  'Which side serves production?': choice({
    comment:
      'Green: go on, even when the call had seemed to fail; what could not be released early is tried again. Blue: RDS rolled back by itself. Neither provable: stop and look; nothing is retried and nothing is cleaned up.',
    options: [
      {
        when: x`$serving.side = 'green'`,
        assign: {
          end: 'Green serves production, clean-up incomplete',
          failure: null,
          cleanupFailure: null,
          deployment: x`$serving.deployment`,
        },
        next: 'Is the way back to be secured?',
      },
      {
        when: x`$serving.side = 'blue'`,
        assign: {
          end: 'Switchover rolled back: blue serves production',
          ...replaceFailure(
            fault(
              'Wait for switchover',
              'BlueGreen.SwitchoverRolledBack',
              "($boolean($switchover.because) ? $switchover.because & ' | ' : '') & $serving.because & ($failure ? '. Before that ' & $failure.state & ' failed with ' & $failure.error : '')",
            ),
          ),
        },
        next: 'Are application writes held?',
      },
    ],
    otherwise: {
      assign: {
        end: 'Outcome unknown: look before any retry',
        ...replaceFailure(fault('Find production side', 'BlueGreen.OutcomeUnknown', '$serving.because')),
      },
      next: 'Record outcome',
    },
  }),
};
