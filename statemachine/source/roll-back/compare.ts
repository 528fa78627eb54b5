import { limits } from '../../../functions/domain/model/limits.ts';
import { fromNow, inTime, minutes, x } from '../expressions.ts';
import { keepFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusy, throttledInTheCut } from '../policies.ts';
import { type Compare, choice, fault, task } from './names.ts';

export const compare: Phase<Compare> = {
  'Check for other writers': task({
    comment:
      'Proves on both sides that no session and no prepared transaction can still write. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Stay on new production',
    assign: { deadline: fromNow(minutes(limits.comparison / 60)) },
    next: 'Compare both sides',
  }),

  'Compare both sides': task({
    comment:
      'Compares the rows of both sides, which stand still, for a few seconds at a time, as wayBack.compare or the input says. A difference leads to stating what would be lost. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack', 'progress', 'loss'],
    seconds: 120,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Stay on new production',
    assign: { progress: x`$states.result.Payload` },
    next: 'Is everything compared?',
  }),

  'Is everything compared?': choice({
    comment:
      'Steps go on until every table is compared, for a quarter of an hour at most: nobody can write meanwhile.',
    options: [
      {
        when: x`$progress.differing > 0`,
        assign: {
          doubt: x`${fault('Compare both sides', 'BlueGreen.TestFailed', "'both sides do not hold the same rows'")}`,
        },
        next: 'State the loss',
      },
      { when: x`$progress.done`, next: 'Detach the rollback target' },
      { when: inTime, next: 'Compare both sides' },
    ],
    otherwise: {
      assign: keepFailure(
        fault(
          'Compare both sides',
          'BlueGreen.NotReadyInTime',
          `'the tables could not be compared in a quarter of an hour (deadline ' & $deadline & '); start again with "compare": "none" in the input to go back without comparing them'`,
        ),
      ),
      next: 'Stay on new production',
    },
  }),

  'State the loss': task({
    comment:
      'Reads behind the fence what blue has not, as far as it can be read, and compares it with what a person has accepted. Changes nothing. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack', 'positions', 'progress', 'accepted'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: { assign: { failure: x`$failure ? $failure : $doubt` }, next: 'Stay on new production' },
    assign: { loss: x`$states.result.Payload.loss`, exceeding: x`$states.result.Payload.exceeding` },
    next: 'Is the loss accepted?',
  }),

  'Is the loss accepted?': choice({
    comment:
      'Only a loss that a person has accepted, and nothing beyond it, is gone back with. Otherwise production stays, and the outcome states the loss and the input that accepts it.',
    options: [
      {
        when: x`$count($exceeding) > 0`,
        assign: { failure: x`$failure ? $failure : $doubt` },
        next: 'Stay on new production',
      },
      { when: x`$progress = null`, next: 'Check for other writers' },
    ],
    otherwise: 'Detach the rollback target',
  }),

  'Detach the rollback target': task({
    comment:
      'Ends the stream into blue, which has everything, and notes where the log of blue stands. Its place in the log of new production stays. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Stay on new production',
    assign: { wayBack: x`$merge([$wayBack, {'opensAt': $states.result.Payload.opensAt}])` },
    next: 'Set the sequences',
  }),

  'Set the sequences': task({
    comment:
      'Sets every sequence of blue to exactly where it stands on new production. Safe direction: new production.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy, throttledInTheCut],
    failed: 'Stay on new production',
    next: 'Begin to swap the endpoint',
  }),
};
