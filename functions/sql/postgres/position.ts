import type { Session } from './session.ts';

/**
 * A position that lies after everything that is committed: a commit of our own is flushed with all that came before it. The
 * end of the log itself may lie behind what is flushed, and waiting for that can stall.
 */
export async function positionOfOwnCommit(session: Session): Promise<string> {
  await session.query("SELECT pg_logical_emit_message(true, 'viridian', 'position')");
  const { rows } = await session.query<{ position: string }>(
    'SELECT pg_current_wal_flush_lsn()::text AS position',
  );
  const position = rows[0]?.position;
  if (position === undefined) throw new TypeError('the server told no position');
  return position;
}
