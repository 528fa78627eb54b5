import type { Verdict } from '../model/deployment.ts';
import { notYet } from '../model/not-yet.ts';

/** What CloudWatch counts of the clients of an instance (namespace AWS/RDS): sessions whose client is connected. */
export const sessionsMetric = 'DatabaseConnections';

/** A point may be some minutes late; one that is older says nothing of now. Milliseconds. */
const freshFor = 10 * 60_000;

/** The longest time that is looked back on: a job that comes once a day is seen. Milliseconds. */
export const longestLook = 24 * 3_600_000;

/**
 * So long after the run left a database alone its own sessions may still be counted: a server ends one that its function has forgotten after
 * a minute, and a point is of a whole minute. Milliseconds.
 */
export const settling = 2 * 60_000;

/** One instance and its points of {@link sessionsMetric}, newest first; `at` in milliseconds since the epoch. */
export interface Sessions {
  id: string;
  points: { at: number; value: number }[];
}

/**
 * Whether nobody has been connected to any of these instances in a time that lasts until now. A session means that somebody uses the
 * database; no data means that nobody knows.
 * @param since milliseconds since the epoch
 */
export function judgeSessions(seen: Sessions[], since: number, now: number): Verdict<null> {
  for (const { id, points } of seen) {
    const busy = points.filter(({ at, value }) => at >= since && value > 0);
    const [newest] = busy;
    if (newest)
      return {
        kind: 'no',
        because: `${id} has clients: up to ${Math.max(...busy.map(({ value }) => value))} sessions, the last ones at ${new Date(newest.at).toISOString()} (${sessionsMetric})`,
      };
  }
  for (const { id, points } of seen) {
    const newest = points.find(({ at }) => at >= since);
    if (!newest || now - newest.at > freshFor)
      return notYet(
        `CloudWatch shows no ${sessionsMetric} of ${id} ${newest ? `after ${new Date(newest.at).toISOString()}` : `since ${new Date(since).toISOString()}`}, so nobody knows whether it has clients`,
        `look at the metric in CloudWatch; a database that is kept can be deleted by hand`,
      );
  }
  return { kind: 'ready', facts: null };
}
