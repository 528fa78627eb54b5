import { escapeIdentifier } from 'pg';
import { type IsLate, realClock } from '../real-clock.ts';
import { APP_DATABASE, type Database, partsOf } from './database.ts';
import { OWNER } from './server/server.ts';

/** A session that is not ours. */
export interface ForeignSession {
  pid: number;
  role: string;
  application: string;
  writing: boolean;
}

/**
 * What applications may do is set on the database: sessions begin read-only, as on RDS. Replication does not care:
 * its apply worker ignores this setting.
 */
export async function setReadOnly(database: Database, readOnly: boolean): Promise<void> {
  const change = readOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only';
  for (const { name } of partsOf(database))
    await database.sql.query(`ALTER DATABASE ${escapeIdentifier(name)} ${change}`);
}

export async function isReadOnly(database: Database): Promise<boolean> {
  const { rowCount } = await database.sql.query({
    // A rehearsal asks a hundred times a second, so it is parsed and planned once a session.
    name: 'is-read-only',
    text: `SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
      WHERE d.datname = $1 AND s.setrole = 0 AND 'default_transaction_read_only=on' = ANY (s.setconfig)`,
    values: [APP_DATABASE],
  });
  return rowCount === 1;
}

/** Roles that are read-only by a setting of their own, which is stronger than the database's. */
export async function gatedRoles(database: Database): Promise<Set<string>> {
  const { rows } = await database.sql.query<{ role: string }>(
    `SELECT setrole::regrole::text AS role FROM pg_db_role_setting
      WHERE setrole <> 0 AND 'default_transaction_read_only=on' = ANY (setconfig)`,
  );
  return new Set(rows.map((row) => row.role));
}

/**
 * Whether roles without superuser rights may open sessions. Forbidding connections altogether would also lock out the
 * sender of the replication stream, so a limit of no connection is used.
 */
export async function admitSessions(database: Database, admit: boolean): Promise<void> {
  for (const { name } of partsOf(database))
    await database.sql.query(`ALTER DATABASE ${escapeIdentifier(name)} CONNECTION LIMIT ${admit ? -1 : 0}`);
}

/** Client sessions on the user's databases, but for ours and the given ones. */
export async function foreignSessions(database: Database, except: number[] = []): Promise<ForeignSession[]> {
  const { rows } = await database.sql.query<ForeignSession>(
    `SELECT pid, usename AS role, application_name AS application, backend_xid IS NOT NULL AS writing
       FROM pg_stat_activity
      WHERE datname = ANY ($1) AND backend_type = 'client backend' AND usename <> $2 AND pid <> ALL ($3::int[])`,
    [partsOf(database).map(({ name }) => name), OWNER, except],
  );
  return rows;
}

/**
 * Ends foreign sessions and looks until none is left: one that was just being opened shows up late. Their open
 * transactions are rolled back.
 */
export async function endSessions(database: Database, isLate: IsLate, except: number[] = []): Promise<void> {
  for (;;) {
    const pids = (await foreignSessions(database, except)).map((session) => session.pid);
    if (pids.length === 0) return;
    if (isLate()) {
      throw new Error(`sessions on ${database.resourceId} did not end (server processes ${pids.join(', ')})`);
    }
    // Without a time to wait: PostgreSQL itself looks only every 100 ms.
    await database.sql.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
    await realClock.sleep(1);
  }
}

/** Identifiers of the transactions that are prepared for a two-phase commit. */
export async function preparedTransactions(database: Database): Promise<string[]> {
  const { rows } = await database.sql.query<{ gid: string }>(
    'SELECT gid FROM pg_prepared_xacts WHERE database = ANY ($1)',
    [partsOf(database).map(({ name }) => name)],
  );
  return rows.map(({ gid }) => gid);
}

/**
 * Proves that nobody can still commit on a fenced database. Replication does not notice an open writer:
 * it reports that everything has arrived, and the later commit never reaches green.
 */
export async function assertNoWriters(database: Database, except: number[] = []): Promise<void> {
  const writers = (await foreignSessions(database, except)).filter((session) => session.writing);
  const prepared = await preparedTransactions(database);
  const named = [
    ...writers.map((writer) => `session ${writer.pid} of ${writer.role}`),
    ...prepared.map((gid) => `prepared transaction ${gid}`),
  ];
  if (named.length > 0) throw new Error(`${database.resourceId} still has writers: ${named.join(', ')}`);
}
