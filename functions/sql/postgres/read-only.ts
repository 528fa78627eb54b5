import { Refused } from '../failure.ts';
import { type Server, withBoundSession } from '../session.ts';

/** Whether a session begins read-only, as an application's does: by the database's setting or by the server's. */
export function isReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async (session) => {
    const { rows } = await session.query<{ closed: boolean }>(
      `SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    return rows[0]?.closed === true;
  });
}

/** Rejects unless every one of the databases is closed for writing. */
export async function requireFence(server: Server, databases: string[]): Promise<void> {
  for (const database of databases) {
    if (!(await isReadOnly(server, database))) {
      throw new Refused(
        'not-fenced',
        `database ${database} at ${server.host} accepts writes of applications`,
      );
    }
  }
}
