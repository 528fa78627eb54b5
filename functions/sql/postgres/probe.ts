import { makePassword } from '../password.ts';
import { Refused } from '../refused.ts';
import { codeOf } from './failure.ts';
import { ownSchema, probeRole } from './names.ts';
import { scramVerifier } from './scram.ts';
import { type Server, type Session, withSessionOf } from './session.ts';

/** What refuses an application's sign-in: the database, which it has no right to connect to, or the limit of no connection for its role. */
export type Wall = 'database' | 'role';

/** What an application would meet at a database: a wall, a session that may only read, or one that can write. */
export type Welcome = `refused by the ${Wall}` | 'read-only' | 'writable';

/** By the SQLSTATE of the refused sign-in. Every other failure proves nothing. A server without a free connection answers as a held role does. */
const walls: Record<string, Wall> = { '42501': 'database', '53300': 'role' };

/** The row that is written is of this server: the table takes part in the stream, and two servers that made the same row would stop it. */
const row = `INSERT INTO ${ownSchema}.probe (server, at)
  VALUES (host(inet_server_addr()) || ':' || inet_server_port(), clock_timestamp())
  ON CONFLICT (server) DO UPDATE SET at = excluded.at`;

/**
 * Opens a session as an application does, under a user that has no rights but to write one row of ours, and writes.
 * Nothing is kept: that the row was taken in proves it.
 * @param words `READ WRITE`, as clients say it that do not care for a default; or nothing
 */
export type Probe = (server: Server, database: string, words: 'READ WRITE' | '') => Promise<Welcome>;

/**
 * Gives the user that stands for an application a password for the time of the work. There is one such user a server, so all
 * databases of a server are probed under one password: a second one would shut out whoever still comes with the first.
 * @param session is of ours, at the server that is probed
 */
export async function withProbe<T>(session: Session, work: (probe: Probe) => Promise<T>): Promise<T> {
  const password = makePassword();
  await session.query(`SELECT ${ownSchema}.set_probe_password($1)`, [scramVerifier(password)]);
  try {
    return await work((server, database, words) =>
      knock({ user: probeRole, password }, server, database, words),
    );
  } finally {
    await session.query(`SELECT ${ownSchema}.set_probe_password(NULL)`).catch(() => {});
  }
}

async function knock(
  stranger: { user: string; password: string },
  server: Server,
  database: string,
  words: 'READ WRITE' | '',
): Promise<Welcome> {
  const met = await withSessionOf(stranger, server, database, (session) => write(session, words));
  if ('answer' in met) return met.answer;
  const wall = walls[codeOf(met.refused)];
  if (wall) return `refused by the ${wall}`;
  throw met.refused;
}

async function write(stranger: Session, words: 'READ WRITE' | ''): Promise<Welcome> {
  try {
    await stranger.query(`BEGIN ${words}`);
    await stranger.query(row);
    await stranger.query('ROLLBACK');
    return 'writable';
  } catch (error) {
    if (codeOf(error) === '25006') return 'read-only';
    throw error;
  }
}

/** Rejects unless this wall refuses an application that says READ WRITE. */
export async function requireRefused(
  probe: Probe,
  server: Server,
  database: string,
  by: Wall,
): Promise<void> {
  const welcome = await probe(server, database, 'READ WRITE');
  if (welcome === `refused by the ${by}`) return;
  const met = welcome.startsWith('refused')
    ? `it was ${welcome}`
    : `a session under ${probeRole} is ${welcome}`;
  throw new Refused('not-fenced', `database ${database} at ${server.host} is not proved closed: ${met}`);
}
