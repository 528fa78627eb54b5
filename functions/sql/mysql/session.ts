import mysql from 'mysql2/promise';
import { limits as seconds } from '../../domain/model/limits.ts';
import { type Identity, isMeant } from '../../domain/way-back/identity.ts';
import type { Login, Place } from '../contract.ts';
import { Refused } from '../refused.ts';
import { type Credentials, credentials, tlsOptions } from '../settings.ts';
import { during } from './failure.ts';
import { ownSchema } from './names.ts';

/** A server and who signs in there. */
export interface Server extends Place {
  login: Login;
}

/** What a session knows of its server. */
export interface Release {
  flavour: 'mariadb' | 'mysql';
  /** `10.11.18`. */
  version: string;
}

/** Whatever runs statements. */
export interface Session extends Release {
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
 * What every session of ours has. The first statement names the character set and a collation that every version knows: MariaDB 11 turns
 * what a driver asks for at its sign-in into a new one, which an older server on the other side of the stream does not know and stops at.
 * Statements mean the same whatever the server sets; a session that is forgotten ends soon.
 */
const opening = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci',
  `SET SESSION sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', time_zone='+00:00', autocommit=1, wait_timeout=60,
     lock_wait_timeout=${seconds.sql.lock}, innodb_lock_wait_timeout=${seconds.sql.lock}`,
];

/**
 * Runs one piece of work in a session of its own that no fence stops.
 * @param statementLimit of each statement, in milliseconds
 */
export async function withSession<T>(
  server: Server,
  work: (session: Session) => Promise<T>,
  statementLimit: number = limits.statement,
): Promise<T> {
  const { host, port, login } = server;
  const client = await during(`signing in at ${host}`, async () =>
    connect(server, await credentials()({ host, port }, login)),
  );
  try {
    return await during(`at ${host}`, async () => {
      const session = await open(client, statementLimit);
      await requireMeant(session, server);
      await requireOurs(session, server);
      return work(session);
    });
  } finally {
    client.destroy();
  }
}

/**
 * The same under another user, who signs in with a password. Two ways to fail are told apart: the sign-in rejects with what the server
 * says (`refused`), the work with what it ran into.
 */
export async function withSessionOf<T>(
  other: Required<Credentials>,
  server: Server,
  work: (session: Session) => Promise<T>,
): Promise<{ refused: unknown } | { answer: T }> {
  let client: mysql.Connection;
  try {
    client = await connect(server, other);
  } catch (error) {
    return { refused: error };
  }
  try {
    return {
      answer: await during(`at ${server.host}`, async () => work(await open(client, limits.statement))),
    };
  } finally {
    client.destroy();
  }
}

async function connect({ host, port }: Place, { user, password }: Credentials): Promise<mysql.Connection> {
  const tls = tlsOptions();
  const client = await mysql.createConnection({
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
    // The driver would set these for the session; the second would change what names mean.
    flags: ['-FOUND_ROWS', '-IGNORE_SPACE'],
  });
  // A session that breaks rejects the statement that runs; without one there is nobody to tell.
  client.on('error', () => {});
  return client;
}

async function open(client: mysql.Connection, statementLimit: number): Promise<Session> {
  const query = async <Row>(sql: string, values?: unknown[]) => {
    const [rows] = await client.query({
      sql,
      timeout: statementLimit + limits.silence,
      ...(values && { values }),
    });
    if (!Array.isArray(rows)) return [];
    return (Array.isArray(rows[0]) ? rows[0] : rows) as Row[];
  };
  for (const statement of opening) await query(statement);
  const [row] = await query<{ version: string }>('SELECT VERSION() AS version');
  const release = releaseOf(row?.version ?? '');
  await query(
    release.flavour === 'mariadb'
      ? `SET SESSION max_statement_time=${Math.ceil(statementLimit / 1_000)}`
      : `SET SESSION max_execution_time=${Math.ceil(statementLimit)}`,
  );
  return { ...release, query };
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
async function requireMeant(session: Session, { resourceId, host, is }: Server): Promise<void> {
  if (!is) return;
  const shown = { mark: null, timeline: null, server: await readServerId(session) };
  if (isMeant(is satisfies Identity, shown)) return;
  throw new Refused(
    'other-server',
    `another server than ${resourceId} answers at ${host}: its name does not lead there yet, or not any more`,
  );
}

/** Before anything is asked: that nobody made our tables run code of theirs. */
async function requireOurs(session: Session, { host }: Server): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_schema = '${ownSchema}'
     UNION ALL
     SELECT table_name FROM information_schema.tables WHERE table_schema = '${ownSchema}' AND table_type <> 'BASE TABLE'`,
  );
  const names = rows.map(({ name }) => name);
  if (names.length > 0)
    throw new Refused(
      'not-ours',
      `schema ${ownSchema} at ${host} holds what nobody of ours made: ${names.join(', ')}`,
    );
}

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

/** By which the log names who wrote a transaction first. */
export async function readServerId(session: Session): Promise<number> {
  return Number((await readOne<{ id: number }>(session, 'SELECT @@GLOBAL.server_id AS id')).id);
}
