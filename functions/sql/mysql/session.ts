import type { EventEmitter } from 'node:events';
import mysql from 'mysql2/promise';
import { limits as seconds } from '../../domain/model/limits.ts';
import { isMeant } from '../../domain/way-back/identity.ts';
import type { Login, Place } from '../contract.ts';
import { KeptSessions, keptFor } from '../kept-sessions.ts';
import { Refused } from '../refused.ts';
import { type Credentials, credentials, tlsOptions } from '../settings.ts';
import { during } from './failure.ts';
import { ownSchema } from './names.ts';

/** A server and who signs in there. */
export interface Server extends Place {
  login: Login;
}

/** Which version a server is of. */
export interface Release {
  flavour: 'mariadb' | 'mysql';
  /** `10.11.18`. */
  version: string;
}

/** Whatever runs statements. */
export interface Session extends Release {
  /** By which logs name who wrote a transaction first. */
  serverId: number;
  /** Rows of a statement, or of the first query of a procedure that has any; none for a statement without rows. */
  query<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** Milliseconds. A statement that waits longer than this is better asked again than waited for. */
const limits = {
  connect: 1_000 * seconds.sql.connect,
  statement: 1_000 * seconds.sql.statement,
  silence: 1_000 * seconds.sql.silence,
};

/**
 * What every session of ours has, in one round. It names the character set and a collation that every version knows: MariaDB 11 turns
 * what a driver asks for at its sign-in into a new one, which an older server on the other side of the stream does not know and stops at.
 * Statements mean the same whatever the server sets; a session that is forgotten ends soon. Each flavour passes over the other one's words
 * for the limit of a statement, seconds of MariaDB and milliseconds of MySQL.
 */
const opening = (statementLimit: number) =>
  `SET NAMES utf8mb4 COLLATE utf8mb4_general_ci, sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', time_zone='+00:00',
     autocommit=1, wait_timeout=${(2 * keptFor) / 1_000}, lock_wait_timeout=${seconds.sql.lock}, innodb_lock_wait_timeout=${seconds.sql.lock}
     /*M! , max_statement_time=${Math.ceil(statementLimit / 1_000)} */ /*!50708 , max_execution_time=${Math.ceil(statementLimit)} */`;

/** What the driver has and its types lack: its socket, and statements whose rows come one by one. */
type Client = mysql.Connection & {
  connection: {
    stream: { ref(): void; unref(): void };
    query(options: { sql: string; timeout: number; rowsAsArray: boolean }): EventEmitter;
  };
};

const sessions = new KeptSessions<Client>({
  answers: (client) => client.query({ sql: 'DO 0', timeout: limits.silence }),
  end: (client) => client.destroy(),
  hold: ({ connection: { stream } }, alive) => (alive ? stream.ref() : stream.unref()),
});

/**
 * Runs one piece of work in a session of its own that no fence stops.
 * @param statementLimit of each statement, in milliseconds
 */
export async function withSession<T>(
  server: Server,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  const client = await signIn(server);
  try {
    return await during(`at ${server.host}`, async () => work(await open(client, server, statementLimit)));
  } finally {
    sessions.end(client);
  }
}

/** What a session that is kept has learned of its server. */
const opened = new WeakMap<Client, Session>();

/**
 * The same around the cut and while writes are held: the session is kept for the next question, unless the work failed. Signing in is most of
 * what a short question costs. A right that is given meanwhile counts for new sessions only, so what has time takes one of its own.
 */
export async function withKeptSession<T>(
  server: Server,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  const { resourceId, host, port, is, login } = server;
  return sessions.use(
    [resourceId, host, port, is, login, statementLimit],
    () => signIn(server),
    (client) =>
      during(`at ${host}`, async () => {
        const session = opened.get(client) ?? (await open(client, server, statementLimit));
        opened.set(client, session);
        return work(session);
      }),
  );
}

/** After the last question to a server. */
export const leaveServer = (server: Server): void => sessions.leave(server);

/**
 * The same under another user, who signs in with a password. Two ways to fail are told apart: the sign-in rejects with what the server
 * says (`refused`), the work with what it ran into.
 */
export async function withSessionOf<T>(
  other: Required<Credentials>,
  server: Server,
  work: (run: Session['query']) => Promise<T>,
): Promise<{ refused: unknown } | { answer: T }> {
  let client: Client;
  try {
    client = await connect(server, other);
  } catch (error) {
    return { refused: error };
  }
  try {
    return {
      answer: await during(`at ${server.host}`, async () => {
        const query = queryOf(client, limits.statement);
        await query(opening(limits.statement));
        const [row] = await query<{ serverId: number }>('SELECT @@GLOBAL.server_id AS serverId');
        requireMeant(Number(row?.serverId), server);
        return work(query);
      }),
    };
  } finally {
    sessions.end(client);
  }
}

/** A session of a user of the account's. */
export interface ReaderSession extends Session {
  /** Runs a statement and drops its rows as they come. */
  drop(sql: string): Promise<void>;
}

/**
 * In a session of a user of the account's, for statements that are not ours: every transaction begins read-only.
 * @param statementLimit of each statement, in milliseconds
 */
export async function withReader<T>(
  server: Server,
  statementLimit: number,
  work: (session: ReaderSession) => Promise<T>,
): Promise<T> {
  const client = await during(`signing in at ${server.host} with tests.load.secret`, () => signIn(server));
  try {
    return await during(`at ${server.host}`, async () => {
      const session = await open(client, server, statementLimit);
      await session.query('SET SESSION TRANSACTION READ ONLY');
      // Newer versions have another form of a plan, which is not that of blue.
      await session.query(
        'SET @@session.wait_timeout = @@session.wait_timeout /*!80300 , explain_json_format_version = 1 */',
      );
      return work({ ...session, drop: (sql) => drop(client, sql, statementLimit + limits.silence) });
    });
  } finally {
    sessions.end(client);
  }
}

/** Rows of a promise would all be kept. */
function drop(client: Client, sql: string, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    client.connection
      .query({ sql, timeout, rowsAsArray: true })
      .on('result', () => {})
      .on('error', reject)
      .on('end', resolve);
  });
}

function signIn(server: Server): Promise<Client> {
  const { host, port, login } = server;
  return during(`signing in at ${host}`, async () =>
    connect(server, await credentials()({ host, port }, login)),
  );
}

async function connect({ host, port }: Place, { user, password }: Credentials): Promise<Client> {
  const tls = tlsOptions();
  const client = (await mysql.createConnection({
    host,
    port,
    user,
    ...(password !== undefined && { password }),
    ...(tls && { ssl: { ...tls, verifyIdentity: true } as mysql.SslOptions }),
    // A token of IAM is sent as it is, which only TLS makes safe.
    ...(tls &&
      password !== undefined && {
        authPlugins: { mysql_clear_password: () => () => Buffer.from(`${password}\0`) },
      }),
    charset: 'utf8mb4_general_ci',
    connectTimeout: limits.connect,
    supportBigNumbers: true,
    bigNumberStrings: false,
    dateStrings: true,
    decimalNumbers: false,
    // Rows are read without code that is written for each statement, which our bundles leave out.
    disableEval: true,
    // The driver would set these for the session; the second would change what names mean.
    flags: ['-FOUND_ROWS', '-IGNORE_SPACE'],
  })) as Client;
  // A session that breaks rejects the statement that runs; without one there is nobody to tell.
  client.on('error', () => {});
  return client;
}

function queryOf(client: Client, statementLimit: number): Session['query'] {
  return async <Row>(sql: string, values?: unknown[]) => {
    const [rows] = await client.query({
      sql,
      timeout: statementLimit + limits.silence,
      ...(values && { values }),
    });
    if (!Array.isArray(rows)) return [];
    return (Array.isArray(rows[0]) ? rows[0] : rows) as Row[];
  };
}

/** Every session proves first that it is at the server that is meant, and that nobody made our tables run code of theirs. */
async function open(client: Client, server: Server, statementLimit: number): Promise<Session> {
  const query = queryOf(client, statementLimit);
  await query(opening(statementLimit));
  const [row] = await query<{ version: string; serverId: number; found: string | null }>(
    `SELECT VERSION() AS version, @@GLOBAL.server_id AS serverId, (${notOurs}) AS found`,
  );
  const serverId = Number(row?.serverId);
  requireMeant(serverId, server);
  if (row?.found)
    throw new Refused(
      'not-ours',
      `schema ${ownSchema} at ${server.host} holds what nobody of ours made: ${row.found}`,
    );
  return { ...releaseOf(row?.version ?? ''), serverId, query };
}

/** Of what a server calls itself: `10.11.18-MariaDB-log`, `8.4.5`. */
export function releaseOf(text: string): Release {
  return {
    flavour: /mariadb/i.test(text) ? 'mariadb' : 'mysql',
    version: /^\d+\.\d+\.\d+/.exec(text)?.[0] ?? text,
  };
}

/** Whether the server is of this version or a newer one. MariaDB counts on its own. */
export function isFrom({ version }: Release, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map(Number));
  for (let place = 0; place < 3; place += 1) {
    const difference = (a?.[place] ?? 0) - (b?.[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Rejects on a server that is not the one that is meant: names lag behind a cut. */
function requireMeant(serverId: number, { resourceId, host, is }: Server): void {
  if (!is || isMeant(is, { mark: null, timeline: null, server: serverId })) return;
  throw new Refused(
    'other-server',
    `another server than ${resourceId} answers at ${host}: its name does not lead there yet, or not any more`,
  );
}

/** Triggers on our tables, and views in the place of one. */
const notOurs = `SELECT GROUP_CONCAT(name SEPARATOR ', ') FROM (
   SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_schema = '${ownSchema}'
   UNION ALL
   SELECT table_name FROM information_schema.tables WHERE table_schema = '${ownSchema}' AND table_type <> 'BASE TABLE') AS others`;

/** The first row of a query that always has one. */
export async function readOne<Row>(session: Session, sql: string, values?: unknown[]): Promise<Row> {
  const [row] = await session.query<Row>(sql, values);
  if (row === undefined) throw new TypeError('the server answered nothing');
  return row;
}

/** Does one thing after the other inside a transaction. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('START TRANSACTION');
  try {
    const result = await work();
    await session.query('COMMIT');
    return result;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
