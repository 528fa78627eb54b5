import type { EndName } from '../../functions/domain/model/ends.ts';
import { x } from './expressions.ts';
import { fail } from './states.ts';

/** Leads to the state of an end. */
export function endsAs<End extends EndName>(end: End) {
  return { when: x`$end = '${end}'`, next: end };
}

/** Ends a run that failed, with its first failure. */
export const failWithFailure = (comment: string) =>
  fail(comment, x`$failure ? $failure.error : 'BlueGreen.UnexpectedState'`, x`$outcome.summary`);

/** Ends a run of which nobody can say which side serves. */
export const failAsUnknown = (comment: string) =>
  fail(comment, 'BlueGreen.OutcomeUnknown', x`$outcome.summary`);

/** What is announced where the outcome itself could not be read. */
export const unreadOutcome = x`{'severity': 'PAGE', 'subject': '[PAGE] ' & $end, 'summary': $end & '. What is true now could not be read; see the runbook.', 'text': $end & '. What is true now could not be read; see the runbook.'}`;
