import { comparePositions } from '../log-position.ts';

/** Where the stream begins, after both witnesses were heard. */
export interface JudgedStart {
  start: string;
  /** Rows that blue wrote may come once more from there on: safe only where the target passes over what it wrote itself. */
  early: boolean;
}

/**
 * The computed boundary beside what RDS says in its event after the switchover. An event that is missing or late takes nothing away: what was computed is
 * proved by the log itself. Where the two differ the earlier one counts, because a start that is too late loses rows without an error.
 */
export function judgeStart(computed: JudgedStart, witness: string | undefined): JudgedStart {
  if (witness === undefined) return computed;
  const order = comparePositions(witness, computed.start);
  if (order === 0) return computed;
  return { start: order < 0 ? witness : computed.start, early: true };
}

/**
 * The position in the event of green's writer after the switchover. Another event has the position of a recovery after a crash: that one is of the start of
 * the instance. Source: Amazon RDS User Guide, "Performing an unplanned rollback" for blue/green deployments.
 */
export function readCoordinates(message: string): string | undefined {
  const found =
    /^Binary log coordinates in green environment after switchover: file (\S+) and position (\d+)/i.exec(
      message,
    );
  return found ? `${found[1]}:${found[2]}` : undefined;
}
