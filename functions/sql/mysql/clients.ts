import { firstNames } from '../../domain/model/first-names.ts';
import type { Writer } from '../../domain/way-back/facts.ts';
import { Refused } from '../refused.ts';
import { codeOf } from './failure.ts';
import { serviceUsers, workingUsers } from './names.ts';
import { literals } from './quoting.ts';
import type { Session } from './session.ts';

/** A session that is neither ours nor the service's, and does not merely read the log. */
interface Client {
  id: number;
  user: string;
  schema: string | null;
  /** Rows that its open transaction has changed. */
  changed: number;
}

/** How long ending may take, in milliseconds. */
const endWithin = 5_000;
/** Between two looks for sessions that were ended, in seconds: most are gone at once, and nobody can write meanwhile. */
const firstPause = 0.001;
const longestPause = 0.05;
/** How long clients are given to finish what they have prepared, in milliseconds. */
const preparedWithin = 3_000;

/** Has a connection and no name yet. */
const signingIn = 'unauthenticated user';

/** The newest session that there is: every later one was opened after now. */
export async function readNewestSession(session: Session): Promise<number> {
  const rows = await session.query<{ id: number }>(
    'SELECT MAX(id) AS id FROM information_schema.processlist',
  );
  return Number(rows[0]?.id);
}

/** Of `processlist p`: neither we, nor the service, nor somebody who merely reads the log. */
export const isForeign = `p.id <> CONNECTION_ID() AND p.user NOT IN (${literals([...serviceUsers, ...workingUsers])})
        AND p.command NOT IN ('Binlog Dump', 'Binlog Dump GTID', 'Daemon')`;

/** @param until the newest session that may still come through while it signs in; 0: none, whoever signs in now meets the lock */
async function readClients(session: Session, until = 0): Promise<Client[]> {
  const rows = await session.query<Client>(
    `SELECT p.id, p.user, p.db AS \`schema\`, COALESCE(t.trx_rows_modified, 0) AS changed
       FROM information_schema.processlist p LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id
      WHERE ${isForeign} AND (p.user <> '${signingIn}' OR p.id <= ?)`,
    [until],
  );
  return rows.map((row) => ({ ...row, changed: Number(row.changed) }));
}

/** Identifiers of transactions that were prepared and wait for their commit, which any session may give. */
export async function readPrepared(session: Session): Promise<string[]> {
  const rows = await session.query<{ data: string }>('XA RECOVER');
  return rows.map(({ data }) => String(data));
}

/** Sessions that could write, and what was prepared. */
export async function readWriters(session: Session): Promise<Writer[]> {
  const clients = await readClients(session);
  const prepared = await readPrepared(session);
  return [
    ...clients.map(({ id, user, schema, changed }) => ({
      database: schema ?? '',
      pid: id,
      role: user,
      application: '',
      writing: changed > 0,
    })),
    ...prepared.map((name) => ({
      database: '',
      pid: null,
      role: '',
      application: '',
      writing: true,
      prepared: name,
    })),
  ];
}

/**
 * Ends the sessions of clients, whom a locked account lets no other follow, and looks until none is left.
 * @param before the newest session of before the lock: one that was signing in then may have looked at its account already
 */
export async function endClients(session: Session, before: number): Promise<void> {
  const until = performance.now() + endWithin;
  for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
    const clients = await readClients(session, before);
    if (clients.length === 0) return;
    if (performance.now() > until)
      throw new Refused('writers', `sessions did not end within ${endWithin / 1_000} s: ${named(clients)}`);
    // Who has gone meanwhile need not be ended.
    for (const { id } of clients)
      await session.query('CALL mysql.rds_kill(?)', [id]).catch((error: unknown) => {
        if (codeOf(error) !== '1094') throw error;
      });
    await session.query(`DO SLEEP(${pause})`);
  }
}

/**
 * Waits a moment until nothing is prepared. A prepared transaction outlives its session, and somebody may commit it behind a fence: on MySQL
 * also where the server is read-only.
 */
export async function requireNothingPrepared(session: Session): Promise<void> {
  const until = performance.now() + preparedWithin;
  for (;;) {
    const prepared = await readPrepared(session);
    if (prepared.length === 0) return;
    if (performance.now() > until)
      throw new Refused(
        'writers',
        `end these prepared transactions first: ${firstNames(prepared).join(', ')}`,
      );
    await session.query('DO SLEEP(0.05)');
  }
}

/** Rejects while a session or something prepared is left that could write. */
export async function refuseClients(session: Session): Promise<void> {
  const there = await readWriters(session);
  if (there.length > 0)
    throw new Refused(
      'writers',
      `still there: ${firstNames(there.map(({ pid, role, prepared }) => prepared ?? `session ${pid} of ${role}`)).join(', ')}`,
    );
}

function named(clients: Client[]): string {
  return firstNames(clients.map(({ id, user }) => `${id} of ${user}`)).join(', ');
}
