import { paces } from '../../../functions/domain/model/tick.ts';
import { endsAs } from '../ends.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { cleanupFailure } from '../failures.ts';
import { answerOfLoad, hookOfLoad, noAnswerOfLoad } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy } from '../policies.ts';
import { fail, succeed } from '../states.ts';
import { tick } from '../ticks.ts';
import { choice, pass, pause, type RehearsalState, task, wait } from './names.ts';

type Removal = Extract<
  RehearsalState,
  | 'Begin with the removal'
  | 'Remove the copy'
  | 'Is the load to be stopped first?'
  | 'Stop the load on the copy'
  | 'Pause before another removal'
  | 'Is there still time to remove the copy?'
  | 'Notify'
  | 'How did it end?'
  | `Rehears${string}: production was not touched`
>;

const left = 'Rehearsal left a copy: production was not touched';

/** Goes with what was measured, which later runs read. */
const loadEnded = (said: string) => ({
  loadSaid: x`${said}`,
  rehearsed: x`$rehearsed ? $merge([$rehearsed, {'load': ${said}}]) : null`,
});

export const removal: Phase<Removal> = {
  'Begin with the removal': pass({
    comment: 'From here everything that was made is deleted; six hours are given for it.',
    assign: { waitingSince: now, deadline: fromNow(hours(6)) },
    next: 'Remove the copy',
  }),

  'Remove the copy': wait({
    comment:
      'Stops what runs on the copy, and deletes the deployment and every database that carries the tag of this rehearsal and the name of a copy. Ready when nothing is left but what a person has made theirs, and at its last look, which names what is there. May be repeated from anywhere.',
    given: ['request', 'rehearsed', 'failure', 'load', 'loadSaid', 'end', 'waitingSince', 'deadline'],
    tick: tick(paces.catchUp),
    notYet: 'Is there still time to remove the copy?',
    failed: { assign: cleanupFailure, next: 'Pause before another removal' },
    assign: { outcome: x`$states.result` },
    next: 'Is the load to be stopped first?',
  }),

  'Is the load to be stopped first?': choice({
    comment: 'A clean-up learns from the rehearsal that has left the copy whether there was a load on it.',
    options: [{ when: x`$exists($outcome.stopLoad)`, next: 'Stop the load on the copy' }],
    otherwise: { assign: { end: x`$outcome.json.end` }, next: 'Notify' },
  }),

  'Stop the load on the copy': hookOfLoad({
    comment:
      'Tells the function of the user to stop, and keeps what it has counted. Whatever it says, the copy is removed.',
    stage: 'stopLoad',
    load: '$outcome.stopLoad',
    failed: { assign: loadEnded(noAnswerOfLoad), next: 'Is there still time to remove the copy?' },
    assign: loadEnded(answerOfLoad),
    next: 'Is there still time to remove the copy?',
  }),

  'Pause before another removal': pause({
    comment: 'What failed is tried again: nothing may be left.',
    seconds: 60,
    next: 'Is there still time to remove the copy?',
  }),

  'Is there still time to remove the copy?': choice({
    comment:
      'Six hours. Their last look names what is left; where no look came to its end, this does. An event starts the removal anew.',
    options: [{ when: inTime, next: 'Remove the copy' }],
    otherwise: {
      assign: {
        end: left,
        outcome: x`{'subject': '[ACT] ${left}', 'summary': '${left}', 'text': '${left}: it was not removed by ' & $deadline & '. What carries the tag viridian:copy costs money; its removal is tried again. ' & ($cleanupFailure ? '"' & $cleanupFailure.state & '" failed with ' & $cleanupFailure.error & ': ' & $substring($string($cleanupFailure.cause), 0, 1000) & '. ' : '') & 'Run ' & $states.context.Execution.Id, 'json': {'executionArn': $states.context.Execution.Id}, 'attributes': {'kind': 'outcome', 'severity': 'ACT', 'end': '${left}', 'id': $substring($hash($states.context.Execution.Id & '${left}', 'SHA-256'), 0, 22)}}`,
      },
      next: 'Notify',
    },
  }),

  Notify: task({
    comment: 'Publishes what was measured, or why not, to the announcements.',
    given: ['outcome'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: 'How did it end?',
    next: 'How did it end?',
  }),

  'How did it end?': choice({
    comment: 'Each end has its own state, so that the console shows it.',
    options: [
      endsAs('Rehearsed on a copy: production was not touched'),
      endsAs('Rehearsal failed: production was not touched'),
    ],
    otherwise: left,
  }),

  'Rehearsed on a copy: production was not touched': succeed(
    'The run went through on the copy, and nothing of it is left. The output is what was measured: later runs read it.',
    x`$rehearsed`,
  ),

  'Rehearsal failed: production was not touched': fail(
    'The copy was not made, or the run on it did not end as it should. Nothing of it is left.',
    x`$failure ? $failure.error : 'BlueGreen.UnexpectedState'`,
    x`$outcome.summary`,
  ),

  'Rehearsal left a copy: production was not touched': fail(
    'Something that was copied is still there and costs money. An event starts its removal anew.',
    'BlueGreen.CleanupIncomplete',
    x`$outcome.summary`,
  ),
};
