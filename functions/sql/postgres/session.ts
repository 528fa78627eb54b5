import pg from 'pg';
import { limits as seconds } from '../../domain/model/limits.ts';
import type { Login, Place } from '../contract.ts';
import { KeptSessions, keptFor } from '../kept-sessions.ts';
import { Refused } from '../refused.ts';
import { type Credentials, credentials, tlsOptions } from '../settings.ts';
import { sideBySide } from '../side-by-side.ts';
import { during } from './failure.ts';
import { requireMeant, type ShownRow, showing } from './identity.ts';
import { notOurs } from './ours.ts';

/** A server and who signs in there. */
export interface Server extends Place {
  login: Login;
}

/** What the driver has and its types lack: whether the socket keeps the process alive. */
type Client = pg.Client & { ref(): void; unref(): void };

const sessions = new KeptSessions<Client>({
  answers: (client) => client.query('SELECT'),
  end: (client) => void client.end().catch(() => {}),
  hold: (client, alive) => (alive ? client.ref() : client.unref()),
});

/** Whatever runs statements. */
export type Session = Pick<pg.Client, 'query'>;

/** Milliseconds. A statement that waits longer than this is better asked again than waited for. */
const limits = {
  connect: 1_000 * seconds.sql.connect,
  statement: 1_000 * seconds.sql.statement,
  lock: 1_000 * seconds.sql.lock,
  silence: 1_000 * seconds.sql.silence,
};

/**
 * What every session of ours has. It may write where applications may not; names mean the server's own objects only, and statements mean
 * the same whatever a database or a role sets;
 * row security ends in an error instead of hiding rows; rows look the same on every version; a commit is durable.
 */
const settings: Record<string, string> = {
  lock_timeout: String(limits.lock),
  idle_in_transaction_session_timeout: '10s',
  search_path: 'pg_catalog,pg_temp',
  standard_conforming_strings: 'on',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
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
 * Runs one piece of work in a session of its own that no fence stops.
 * @param statementLimit of each statement, in milliseconds
 */
export async function withSession<T>(
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  const client = await signIn(server, database, statementLimit, unbind);
  return during(inside(server, database), () => work(client)).finally(() => sessions.end(client));
}

/**
 * The same while writes are held: the session is kept for the next question, unless the work failed. Signing in is most of what a
 * short question costs. Meanwhile nobody can drop or rename the database, so everything that is not urgent takes a session of its own.
 */
export async function withKeptSession<T>(
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  const { resourceId, host, port, is, login } = server;
  return sessions.use(
    [resourceId, host, port, is, login, database, statementLimit],
    () => signIn(server, database, statementLimit, unbind),
    (client) => during(inside(server, database), () => work(client)),
  );
}

/** After the last question to a server. */
export const leaveServer = (server: Server): void => sessions.leave(server);

/** In a new session as an application has it: under the fence, when there is one. */
export async function withBoundSession<T>(
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await signIn(server, database, limits.statement, hasLooked(server, database) ? [] : [look]);
  return during(inside(server, database), () => work(client)).finally(() => sessions.end(client));
}

/**
 * The same under another user, who signs in with a password. Two ways to fail are told apart: the sign-in rejects with what the server
 * says (`refused`), the work with what it ran into.
 */
export async function withSessionOf<T>(
  credentials: Required<Credentials>,
  server: Server,
  database: string,
  work: (session: Session) => Promise<T>,
): Promise<{ refused: unknown } | { answer: T }> {
  let client: Client;
  try {
    client = await connect(server, database, limits.statement, async () => credentials);
  } catch (error) {
    return { refused: error };
  }
  return during(inside(server, database), async () => {
    const { rows } = await client.query<ShownRow & object>(`SELECT ${showing(server.is)}`);
    requireMeant(server, rows[0]);
    return { answer: await work(client) };
  }).finally(() => sessions.end(client));
}

/**
 * In a session of a user of the account's, for statements that are not ours: every transaction begins read-only, and row security hides rows as it does for
 * that user. Our own objects are none of its business.
 * @param statementLimit of each statement, in milliseconds
 */
export async function withReader<T>(
  server: Server,
  database: string,
  statementLimit: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { host, port, login } = server;
  const client = await during(`signing in to database ${database} at ${host} with tests.load.secret`, () =>
    connect(server, database, statementLimit, () => credentials()({ host, port }, login), ofReaders),
  );
  return during(inside(server, database), async () => {
    const { rows } = await client.query<ShownRow & object>(`SELECT ${showing(server.is)}`);
    requireMeant(server, rows[0]);
    return work(client);
  }).finally(() => sessions.end(client));
}

const ofReaders = { default_transaction_read_only: 'on', row_security: 'on' };

function inside({ host }: Server, database: string): string {
  return `in database ${database} at ${host}`;
}

/**
 * That everything that we are about to touch is ours is looked at in the first round of a session. One that is only opened to see what binds it
 * does without where another one has looked just before, as a kept session does.
 */
const look = `(${notOurs}) AS found`;
const looked = new Map<string, number>();
const keyOf = ({ resourceId, host, port, is }: Server, database: string) =>
  JSON.stringify([resourceId, host, port, is, database]);

function hasLooked(server: Server, database: string): boolean {
  return Date.now() - (looked.get(keyOf(server, database)) ?? 0) < keptFor;
}

/** A server that outlives us ends what we have left, where it knows how to: from PostgreSQL 14 on. */
const unbind = [
  "set_config('default_transaction_read_only', 'off', false)",
  `CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL
        THEN set_config('idle_session_timeout', '${2 * keptFor}ms', false) END`,
  look,
];

/**
 * Every session proves first that it is at the server that is meant, whatever operation it is for.
 * @param opening columns of its first query besides; `found` is what was found that is not ours
 */
async function signIn(
  server: Server,
  database: string,
  statementLimit: number,
  opening: string[],
): Promise<Client> {
  const { host, port, login } = server;
  const client = await during(`signing in to database ${database} at ${host}`, () =>
    connect(server, database, statementLimit, () => credentials()({ host, port }, login)),
  );
  try {
    const { rows } = await during(inside(server, database), () =>
      client.query(`SELECT ${[showing(server.is), ...opening].join(', ')}`),
    );
    requireMeant(server, rows[0]);
    if (rows[0]?.found) {
      throw new Refused('not-ours', `in database ${database} at ${server.host}: ${rows[0].found}`);
    }
    if (opening.includes(look)) looked.set(keyOf(server, database), Date.now());
    return client;
  } catch (error) {
    sessions.end(client);
    throw error;
  }
}

async function connect(
  { host, port }: Server,
  database: string,
  statementLimit: number,
  identify: () => Promise<Credentials>,
  others: Record<string, string> = {},
): Promise<Client> {
  const client = new pg.Client({
    host,
    port,
    database,
    ...(await identify()),
    ssl: tlsOptions(),
    application_name: 'viridian',
    connectionTimeoutMillis: limits.connect,
    query_timeout: statementLimit + limits.silence,
    options: Object.entries({ ...settings, ...others, statement_timeout: String(Math.ceil(statementLimit)) })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  }) as Client;
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

/** Runs the work for each database, some of them at the same time, and keeps the answers by name, in the order of the databases. */
export function eachDatabase<T>(
  server: Server,
  databases: string[],
  work: (session: Session, database: string) => Promise<T>,
): Promise<Map<string, T>> {
  return inEach(databases, (database) => withSession(server, database, (session) => work(session, database)));
}

/** {@link eachDatabase} in sessions that are kept for the next question. */
export function eachHeldDatabase<T>(
  server: Server,
  databases: string[],
  work: (session: Session, database: string) => Promise<T>,
): Promise<Map<string, T>> {
  return inEach(databases, (database) =>
    withKeptSession(server, database, (session) => work(session, database)),
  );
}

async function inEach<T>(
  databases: string[],
  ask: (database: string) => Promise<T>,
): Promise<Map<string, T>> {
  const answers = await sideBySide(databases, ask);
  return new Map(databases.map((database, index) => [database, answers[index] as T]));
}
