import { fromNow, now } from '../expressions.ts';

/** RDS rolls back by itself at the timeout of the request; a quarter of an hour more is left for it to be seen. */
export const untilSwitchedOver = {
  waitingSince: now,
  // What an earlier refusal said is over.
  switchover: {},
  deadline: fromNow('($request.switchover.timeoutSeconds + 900) * 1000'),
};

/** Writes are held no longer for a way back. */
export const untilSecured = {
  waitingSince: now,
  deadline: fromNow('$request.wayBack.secureWithinMinutes * 60000'),
};
