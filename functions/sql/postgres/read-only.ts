import { Refused } from '../failure.ts';
import { type Server, type Session, withBoundSession } from '../session.ts';

/** Whether a session that begins now begins read-only, as an application's does: by the database's setting, by the server's, or on a copy. */
export function isReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async (session) => {
    const { rows } = await session.query<{ closed: boolean }>(
      `SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    return rows[0]?.closed === true;
  });
}

/**
 * The same at less cost where the database is closed by a setting of its own, which is stronger than the server's: that is read in the
 * session that is there. Where it is not, a session that begins now is asked. `session` is in the database.
 */
export async function isClosed(session: Session, server: Server, database: string): Promise<boolean> {
  const { rowCount } = await session.query(
    `SELECT FROM pg_db_role_setting WHERE setrole = 0 AND 'default_transaction_read_only=on' = ANY (setconfig)
        AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rowCount === 1 || isReadOnly(server, database);
}

/** Rejects unless the database is closed for writing. */
export async function requireFence(server: Server, database: string): Promise<void> {
  if (!(await isReadOnly(server, database))) refuseOpen(server, database);
}

export function refuseOpen(server: Server, database: string): never {
  throw new Refused('not-fenced', `database ${database} at ${server.host} accepts writes of applications`);
}
