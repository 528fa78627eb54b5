import { type IsLate, realClock } from '../real-clock.ts';
import { APP_USER, type Database } from './database.ts';
import { OWNER } from './server/server.ts';

/** What the service sets by the parameter group. Its own account passes it, and so does the applier of a stream. */
export async function setReadOnly({ sql }: Database, readOnly: boolean): Promise<void> {
  await sql.query(`SET GLOBAL read_only = ${readOnly ? 1 : 0}`);
}

export async function isReadOnly({ sql }: Database): Promise<boolean> {
  const [row] = await sql.query('SELECT @@GLOBAL.read_only AS closed');
  return !['0', 'OFF'].includes(String(row?.closed));
}

/** Whether the account of the application may not sign in; false where there is none. */
export async function isLocked({ sql, server }: Database): Promise<boolean> {
  const [row] = await sql.query(
    server.programs.flavour === 'mariadb'
      ? `SELECT COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) IN ('1', 'true') AS locked FROM mysql.global_priv WHERE user = ?`
      : `SELECT account_locked = 'Y' AS locked FROM mysql.user WHERE user = ?`,
    [APP_USER],
  );
  return Number(row?.locked ?? 0) === 1;
}

interface ForeignSession {
  id: number;
  user: string;
}

/** Sessions of clients, but for ours and what replication has. */
async function foreignSessions({ sql }: Database): Promise<ForeignSession[]> {
  const rows = await sql.query(
    `SELECT id, user FROM information_schema.processlist
      WHERE user NOT IN ('${OWNER}', 'system user', 'event_scheduler') AND command NOT IN ('Binlog Dump', 'Daemon')`,
  );
  return rows.map(({ id, user }) => ({ id: Number(id), user: String(user) }));
}

/** Ends sessions of clients and looks until none is left. Their open transactions are rolled back. */
export async function endClients(database: Database, isLate: IsLate): Promise<void> {
  for (;;) {
    const sessions = await foreignSessions(database);
    if (sessions.length === 0) return;
    if (isLate())
      throw new Error(
        `sessions on ${database.resourceId} did not end (${sessions.map(({ id, user }) => `${id} of ${user}`).join(', ')})`,
      );
    // Who has gone meanwhile need not be ended.
    for (const { id } of sessions) await database.sql.query(`KILL ${id}`).catch(() => {});
    await realClock.sleep(1);
  }
}

/** Identifiers of transactions that were prepared for a two-phase commit. */
export async function preparedTransactions({ sql }: Database): Promise<string[]> {
  return (await sql.query('XA RECOVER')).map(({ data }) => String(data));
}
