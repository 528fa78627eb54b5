import pg from 'pg';
import { during } from './failure.ts';
import type { Login, Place } from './operations.ts';
import { credentials, tlsOptions } from './settings.ts';

/** A server and who signs in there. */
export interface Server extends Place {
  login: Login;
}

/** Whatever runs statements. */
export interface Session extends Pick<pg.Client, 'query'> {
  /** Whether it began read-only, as an application's would have: by the database's setting, by the server's, or on a copy. */
  readonly beganReadOnly: boolean;
}

/**
 * Milliseconds. A statement that waits longer than this is better asked again than waited for. `silence`: a server that ends statements
 * by its own clock and still says nothing so much later is not there any more; after a failover nobody closes the connection.
 */
const limits = { connect: 5_000, statement: 5_000, lock: 3_000, silence: 3_000 };

/**
 * What every session of ours has. It may write where applications may not; names mean the server's own objects only;
 * row security ends in an error instead of hiding rows; rows look the same on every version; a commit is durable.
 */
const settings: Record<string, string> = {
  lock_timeout: String(limits.lock),
  idle_in_transaction_session_timeout: '10s',
  search_path: 'pg_catalog',
  row_security: 'off',
  synchronous_commit: 'on',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '3',
  bytea_output: 'hex',
  lc_monetary: 'C',
  client_min_messages: 'error',
};

/**
 * Runs one piece of work in a session of its own that no fence stops. Signing in is most of what a short question costs, so the session
 * tells by itself how it began.
 * @param statementLimit of each statement, in milliseconds
 */
export function withSession<T>(
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  return run(server, database, statementLimit, async (session) => {
    await session.query('SET default_transaction_read_only = off');
    return work(session);
  });
}

/** The same as an application has it: under the fence, when there is one. */
export function withBoundSession<T>(
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return run(server, database, limits.statement, work);
}

async function run<T>(
  server: Server,
  database: string,
  statementLimit: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await during(`signing in to database ${database} at ${server.host}`, () =>
    connect(server, database, statementLimit),
  );
  try {
    return await during(`in database ${database} at ${server.host}`, async () =>
      work(Object.assign(client, { beganReadOnly: await readBeginning(client) })),
    );
  } finally {
    await client.end().catch(() => {});
  }
}

async function readBeginning(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ closed: boolean }>(
    `SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS closed`,
  );
  return rows[0]?.closed === true;
}

async function connect(server: Server, database: string, statementLimit: number): Promise<pg.Client> {
  const { host, port, login } = server;
  const client = new pg.Client({
    host,
    port,
    database,
    ...(await credentials()({ host, port }, login)),
    ssl: tlsOptions(),
    application_name: 'viridian',
    connectionTimeoutMillis: limits.connect,
    query_timeout: statementLimit + limits.silence,
    options: Object.entries({ ...settings, statement_timeout: String(Math.ceil(statementLimit)) })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // A session that breaks rejects the statement that runs; without one there is nobody to tell.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Does one thing after the other inside a transaction. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('BEGIN');
  try {
    const result = await work();
    await session.query('COMMIT');
    return result;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Runs the work for each database, one after the other, and keeps the answers by name. */
export async function eachDatabase<T>(
  server: Server,
  databases: string[],
  work: (session: Session, database: string) => Promise<T>,
): Promise<Map<string, T>> {
  const answers = new Map<string, T>();
  for (const database of databases) {
    answers.set(database, await withSession(server, database, (session) => work(session, database)));
  }
  return answers;
}
