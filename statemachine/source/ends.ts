import type { EndName, RehearsalEnd } from '../../functions/domain/model/ends.ts';
import { x } from './expressions.ts';
import { fail } from './states.ts';

/** Leads to the state of an end. */
export function endsAs<End extends EndName | RehearsalEnd>(end: End) {
  return { when: x`$end = '${end}'`, next: end };
}

/** Names that begin with `States.` are those of Step Functions: a Fail state may not have one (Amazon States Language, Error names). */
const isPlatforms = "$substring($failure.error, 0, 7) = 'States.'";

/** Ends a run that failed, with its first failure. */
export const failWithFailure = (comment: string) =>
  fail(
    comment,
    x`$failure and $not(${isPlatforms}) ? $failure.error : 'BlueGreen.UnexpectedState'`,
    x`$outcome.summary & ($failure and ${isPlatforms} ? ' (' & $failure.error & ' in "' & $failure.state & '")' : '')`,
  );

/** Ends a run of which nobody can say which side serves. */
export const failAsUnknown = (comment: string) =>
  fail(comment, 'BlueGreen.OutcomeUnknown', x`$outcome.summary`);

const unread = "$end & '. What is true now could not be read; see the runbook.'";

/** What is announced where the outcome itself could not be read. */
export const unreadOutcome = x`{'subject': '[PAGE] ' & $end, 'summary': ${unread}, 'text': ${unread} & ' Run ' & $states.context.Execution.Id, 'json': {'executionArn': $states.context.Execution.Id}, 'attributes': {'kind': 'outcome', 'severity': 'PAGE', 'end': $end, 'id': $substring($hash($states.context.Execution.Id & $end, 'SHA-256'), 0, 22)}}`;
