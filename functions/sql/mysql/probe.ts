import { makePassword } from '../password.ts';
import { Refused } from '../refused.ts';
import { codeOf } from './failure.ts';
import { ownSchema, probeUser } from './names.ts';
import { literal } from './quoting.ts';
import { type Server, type Session, withSessionOf } from './session.ts';

/** What an application would meet: an account that may not sign in, a server that takes no writes, or one that does. */
export type Welcome = 'locked' | 'read-only' | 'writable';

/** By the number of the refused sign-in. Every other failure proves nothing. */
const locked = ['3118', '4151'];
const readOnly = ['1290', '1836'];

/** The row that is written is of this server: two servers that made the same row would stop the stream. */
const row = `INSERT INTO ${ownSchema}.probe (server, at) VALUES (@@GLOBAL.server_id, NOW(6)) ON DUPLICATE KEY UPDATE at = VALUES(at)`;

/**
 * Signs in as an application does, under an account that has no right but to write one row of ours, and writes. The account gets a password for that
 * moment. Where the server takes no writes of ours either, the account cannot get one, and need not.
 */
export async function probe(session: Session, server: Server): Promise<Welcome> {
  const password = makePassword();
  try {
    await setPassword(session, password);
  } catch (error) {
    if (readOnly.includes(codeOf(error))) return 'read-only';
    throw error;
  }
  try {
    const met = await withSessionOf({ user: probeUser, password }, server, write);
    if ('answer' in met) return met.answer;
    if (locked.includes(codeOf(met.refused))) return 'locked';
    throw met.refused;
  } finally {
    await setPassword(session, makePassword()).catch(() => {});
  }
}

async function setPassword(session: Session, password: string): Promise<void> {
  await session.query(`ALTER USER ${literal(probeUser)}@'%' IDENTIFIED BY ${literal(password)}`);
}

async function write(run: Session['query']): Promise<Welcome> {
  try {
    await run(row);
    return 'writable';
  } catch (error) {
    if (readOnly.includes(codeOf(error))) return 'read-only';
    throw error;
  }
}

/** Rejects unless the lock refuses an application. */
export async function requireLocked(session: Session, server: Server): Promise<void> {
  const welcome = await probe(session, server);
  if (welcome !== 'locked')
    throw new Refused(
      'not-fenced',
      `${server.host} is not proved closed: a session under ${probeUser} is ${welcome}`,
    );
}
