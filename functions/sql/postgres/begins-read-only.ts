import { type Server, withBoundSession } from './session.ts';

/** Whether a session that begins now begins read-only, whatever makes it so. */
export function beginsReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async (session) => {
    const { rows } = await session.query<{ closed: boolean }>(
      `SELECT current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    return rows[0]?.closed === true;
  });
}
