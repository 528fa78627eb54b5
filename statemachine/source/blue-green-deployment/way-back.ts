import { fromNow, hours, now, x } from '../expressions.ts';
import { keepFailure } from '../failures.ts';
import { fault } from './names.ts';

/** It cannot be had, as far as is known. The run goes on, and the approval says so. */
export const wayBackNotLookedAt = {
  wayBack: x`{'possible': false, 'because': 'it could not be looked at: ' & $states.errorOutput.Error, 'databases': [], 'open': false, 'attached': false}`,
};

/** Catches as loss of the way back: the run goes on without it. */
export const wayBackLost = { wayBack: x`$merge([$wayBack, {'lost': $states.errorOutput.Cause}])` };

/** The deadline of a wait has passed: the run goes on without a way back. What the wait saw last says why. */
export const wayBackLate = (state: 'Secure the way back' | 'Wait for the rollback target', what: string) => ({
  wayBack: x`$merge([$wayBack, {'late': '${state}', 'lost': '${what} (deadline ' & $deadline & ')'}])`,
});

/** A look has found that it is broken. */
export const wayBackFoundLost = { wayBack: x`$merge([$wayBack, {'lost': $found.lost}])` };

/** A look was not sure of it: the next looks tell whether that lasts. */
export const wayBackInDoubt = { wayBack: x`$merge([$wayBack, {'doubtSince': $found.doubtSince}])` };

export const wayBackClosed = { wayBack: x`$merge([$wayBack, {'open': false, 'attached': false}])` };

/** A warning to the outcome where an announcement failed. */
export const notAnnounced = (what: string) => ({
  findings: x`$append($findings, [{'rule': 'way-back', 'severity': 'warning', 'message': '${what} could not be announced'}])`,
});

/** A warning to the outcome where old blue could not be closed, with the reason. */
export const notClosed = {
  findings: x`$append($findings, [{'rule': 'old-blue', 'severity': 'warning', 'message': 'old blue could not be closed for clients with an old address: ' & $states.errorOutput.Cause}])`,
};

/** An execution that goes back has eight hours, and the run an hour more. */
const untilItEnds = { waitingSince: now, deadline: fromNow(hours(9)) };

/** The run itself has started to go back. */
export const goesBack = { goingBack: x`$states.result.ExecutionArn`, ...untilItEnds };

/** A person has started to go back. */
export const personGoesBack = {
  goingBack: x`$found.goingBack`,
  ...keepFailure(
    fault('Bake', 'BlueGreen.StopRequested', "'somebody has started to go back: ' & $found.goingBack"),
  ),
  ...untilItEnds,
};

/** People have as long for this decision as for the approval; they are reminded at half of the time and at four fifths, as there. */
export const untilDecided = {
  waitingSince: now,
  deadline: fromNow('$request.approval.withinHours * 3600000'),
  nextReminder: fromNow('$request.approval.withinHours * 1800000'),
  reminders: 0,
};

/** What the messages about this decision are given besides. */
export const decision = { failure: x`$failure`, until: x`$deadline` };
