import { Refused } from '../failure.ts';
import { type Server, withBoundSession } from '../session.ts';

/** Whether a session that begins now begins read-only, as an application's does: by the database's setting, by the server's, or on a copy. */
export function isReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async (session) => {
    const { rows } = await session.query<{ closed: boolean }>(
      `SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    return rows[0]?.closed === true;
  });
}

/** Rejects unless the database is closed for writing. */
export async function requireFence(server: Server, database: string): Promise<void> {
  if (await isReadOnly(server, database)) return;
  throw new Refused('not-fenced', `database ${database} at ${server.host} accepts writes of applications`);
}
