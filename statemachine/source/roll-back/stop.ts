import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, inTime, minutes, now, x } from '../expressions.ts';
import { caught, failure, keepFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusy, throttledInTheCut } from '../policies.ts';
import { tick } from '../ticks.ts';
import { choice, hook, hookAnsweringLater, hookSaidNo, late, type Stop, task, wait } from './names.ts';

/** A hook that failed may have stopped writes, so they are resumed. */
const stopFailed = { assign: { ...failure, writesStopped: true }, next: 'Stay on new production' } as const;

export const stop: Phase<Stop> = {
  'Are writes to be stopped first?': choice({
    comment: "A hook of the user may hold the application's writes before new production is closed.",
    options: [
      { when: answersLater('stopWrites'), next: 'Stop writes and wait for the answer' },
      { when: hasHook('stopWrites'), next: 'Stop writes' },
    ],
    otherwise: 'Fence new production',
  }),

  'Stop writes': hook({
    comment:
      "Invokes the user's stopWrites hook with the endpoint of new production. From here on every path that knows the serving side resumes writes there. Safe direction: new production.",
    stage: 'stopWrites',
    endpoint: '$deployment.green.endpoint',
    failed: stopFailed,
    assign: { writesStopped: true },
    next: 'Did writes stop?',
  }),

  'Stop writes and wait for the answer': hookAnsweringLater({
    comment: 'The callback form of stopWrites. Safe direction: new production.',
    stage: 'stopWrites',
    endpoint: '$deployment.green.endpoint',
    failed: stopFailed,
    assign: { writesStopped: true },
    next: 'Did writes stop?',
  }),

  'Did writes stop?': choice({
    comment: "Anything else than the verdict 'pass' is a no, and production stays where it is.",
    options: [{ when: hookPassed, next: 'Fence new production' }],
    otherwise: { assign: keepFailure(hookSaidNo('Stop writes')), next: 'Stay on new production' },
  }),

  'Fence new production': task({
    comment:
      'Closes new production for writing, ends its sessions, and notes where its log stands. From here nobody writes. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Stay on new production',
    assign: {
      positions: x`$states.result.Payload.positions`,
      waitingSince: now,
      deadline: fromNow(minutes(15)),
    },
    next: 'Wait for the last changes',
  }),

  'Wait for the last changes': wait({
    comment:
      'Ready when blue has confirmed everything up to the fence. Where that is not proved the loss is stated; stopping leads back. Safe direction: new production.',
    given: ['request', 'deployment', 'wayBack', 'run', 'positions'],
    tick: tick(paces.cut),
    notYet: 'Is there still time for the last changes?',
    caught: [{ errors: ['BlueGreen.StopRequested'], assign: failure, next: 'Stay on new production' }],
    failed: {
      assign: {
        doubt: x`${caught}`,
      },
      next: 'State the loss',
    },
    assign: { waitingSince: now },
    next: 'Check for other writers',
  }),

  'Is there still time for the last changes?': choice({
    comment: 'A quarter of an hour without writes is the longest; then it is stated what would be lost.',
    options: [{ when: inTime, next: 'Wait for the last changes' }],
    otherwise: {
      assign: { doubt: x`${late('Wait for the last changes', 'blue did not receive everything in time')}` },
      next: 'State the loss',
    },
  }),
};
