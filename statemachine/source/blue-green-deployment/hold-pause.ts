import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, now, x } from '../expressions.ts';
import { keepFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { tick } from '../ticks.ts';
import { choice, fault, type HoldPause, wait } from './names.ts';

/**
 * Catch of a wait before the cut that a person may pause. Its payload holds `pauseLeft`: by that `decide` knows it.
 * @param until when there is no use in the run any more: text of JSONata, ISO time; while green is built that is not known
 */
export const whenPaused = (until?: string) => ({
  errors: ['BlueGreen.PauseRequested' as const],
  assign: {
    paused: x`{'state': $states.context.State.Name, 'because': $states.errorOutput.Cause, 'at': $now()}`,
    waitingSince: now,
    pauseUntil: until
      ? x`$fromMillis($min([$millis() + $pauseLeft, $toMillis(${until})]))`
      : fromNow('$pauseLeft'),
  },
  next: 'Wait to be resumed' as const,
});

const notResumed = {
  assign: keepFailure(
    fault(
      'Wait to be resumed',
      'BlueGreen.NotReadyInTime',
      "'the run was not resumed before ' & $pauseUntil & ': ' & $paused.because",
    ),
  ),
  next: 'Were writes stopped before this?' as const,
};

export const holdPause: Phase<HoldPause> = {
  'Wait to be resumed': wait({
    comment:
      'A person has paused the run before the cut. Green is kept and looked at: one that cannot be switched any more ends the run. Only a person answers.',
    function: 'waitForGreen',
    given: ['request', 'deployment', 'paused'],
    tick: tick({ ...paces.usual, until: '$toMillis($pauseUntil)' }),
    notYet: 'May the run stay paused?',
    failed: 'Were writes stopped before this?',
    assign: { pauseLeft: x`$pauseLeft - ($millis() - $toMillis($paused.at))`, waitingSince: now },
    next: 'Where does the paused run go on?',
  }),

  'May the run stay paused?': choice({
    comment:
      'Three days in all, and no longer than people may approve or the window is open. Then the run stops before the switchover.',
    options: [{ when: x`$millis() < $toMillis($pauseUntil)`, next: 'Wait to be resumed' }],
    otherwise: notResumed,
  }),

  'Where does the paused run go on?': choice({
    comment:
      'Where it was paused. The time for green stood still, that of the window and of an approval did not. People whose question was paused are asked again.',
    options: [
      {
        when: x`$pauseLeft > 0 and $paused.state = 'Wait for green'`,
        assign: { deadline: x`$fromMillis($toMillis($deadline) + $millis() - $toMillis($paused.at))` },
        next: 'Wait for green',
      },
      {
        when: x`$pauseLeft > 0 and $paused.state = 'Get the approval of every group'`,
        next: 'Is an approval required?',
      },
      { when: x`$pauseLeft > 0`, assign: { deadline: x`$window.closesAt` }, next: 'Wait for window' },
    ],
    otherwise: notResumed,
  }),
};
