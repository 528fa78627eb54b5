import type { Session } from '../session.ts';

/** Acts whose moment is remembered in the database itself, so that a second run of an act finds it. */
export type Mark = 'held' | 'secured' | 'released' | 'fenced' | 'opened' | 'probed';

/**
 * The row of a mark, by the server that it was made on: the table takes part in the stream, and two servers that made the same row
 * would stop it with a conflict. The mark is parameter 1.
 */
export const markedHere = "$1::text || ' at ' || host(inet_server_addr()) || ':' || inet_server_port()";

/** Forgets a mark. Belongs into the transaction that changes what the mark is about. */
export async function forgetMark(session: Session, mark: Mark): Promise<void> {
  await session.query(`DELETE FROM viridian.heartbeat WHERE name = ${markedHere}`, [mark]);
}

/**
 * Sets a mark to now, by the server's clock, unless this run has set it already. To be called after what it is about was
 * committed: a session that began later is bound by that.
 */
export async function setMark(session: Session, mark: Mark, run: string): Promise<void> {
  await session.query(
    `INSERT INTO viridian.heartbeat AS h (name, run, at) VALUES (${markedHere}, $2, clock_timestamp())
       ON CONFLICT (name) DO UPDATE SET run = excluded.run, at = excluded.at WHERE h.run <> excluded.run`,
    [mark, run],
  );
}
