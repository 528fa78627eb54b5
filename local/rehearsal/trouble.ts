import pg from 'pg';
import { APP_DATABASE, APP_ROLE, type Database, ownerConnection, withSession } from '../postgres/database.ts';
import { WORKLOAD_SCHEMA } from '../postgres/workload-schema.ts';

/** Takes a column away from green that blue still sends: the next change cannot be applied, and the next, and the next. */
export async function breakReplication(green: Database): Promise<void> {
  await withSession(ownerConnection(green.server, APP_DATABASE), async (session) => {
    await session.query('SET default_transaction_read_only = off');
    await session.query(`ALTER TABLE ${WORKLOAD_SCHEMA}.orders DROP COLUMN account_id CASCADE`);
  });
}

/**
 * An application that writes a row and then neither commits nor goes away.
 * @returns what ends it
 */
export async function openLongTransaction(port: number): Promise<() => Promise<void>> {
  const session = new pg.Client({ host: '127.0.0.1', port, user: APP_ROLE, database: APP_DATABASE });
  // The cut may end the session: that is its end, not a fault of the rehearsal.
  session.on('error', () => {});
  await session.connect();
  await session.query('BEGIN');
  await session.query(`INSERT INTO ${WORKLOAD_SCHEMA}.audit_log (writer, n, order_id) VALUES (0, 0, 0)`);
  return async () => {
    await session.end().catch(() => {});
  };
}
