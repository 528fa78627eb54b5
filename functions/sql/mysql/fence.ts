import type { Answer, Input } from '../contract.ts';
import { mostWriting } from '../most-writing.ts';
import { Refused } from '../refused.ts';
import { readAccounts } from './accounts.ts';
import {
  endClients,
  readNewestSession,
  readWriters,
  refuseClients,
  requireNothingPrepared,
} from './clients.ts';
import { isClosed, readRunningEvents, refuseEvents, requireClosed } from './closed.ts';
import { equalizeCounters } from './counters.ts';
import { hasReached, readPosition } from './log.ts';
import { addNotes, noteFencePosition, readFencePosition, readNotes, removeNotes } from './notes.ts';
import { probe, requireLocked } from './probe.ts';
import { accountName } from './quoting.ts';
import { isReadOnly, setReadOnly } from './read-only.ts';
import { forgetReplica, readReplica, stands } from './replica.ts';
import { type Server, type Session, withKeptSession, withSession } from './session.ts';
import { requireUndisturbed } from './undisturbed.ts';

/**
 * Closes a server for applications. New production is closed by locking accounts, which travels to the target: when the service lets that one be
 * written again, the application is still locked out there. The target itself is closed by `read_only`, and that is proved.
 */
export async function fence(input: Input<'fence'>): Promise<Answer<'fence'>> {
  // A target is left alone then, and a session that is kept there would look like a client.
  const position =
    input.side === 'target'
      ? await withSession(input, (session) => proveTarget(session, input))
      : await withKeptSession(input, (session) => closeProduction(session, input));
  return { positions: Object.fromEntries(input.databases.map((database) => [database, position])) };
}

/** An unlock on new production would travel here: no lock of ours could hold it closed. Aurora leaves it to us to close it, RDS closes it itself. */
async function proveTarget(session: Session, { host }: Server): Promise<string> {
  if (!(await setReadOnly(session, true)))
    throw new Refused(
      'not-fenced',
      `${host} accepts writes: RDS has not made it read-only (read_only in its parameter group must be {TrueIfReplica} or 1)`,
    );
  await requireClosed(session, host);
  await requireNothingPrepared(session);
  return readPosition(session);
}

async function closeProduction(session: Session, server: Server & { databases: string[] }): Promise<string> {
  const events = await readRunningEvents(session);
  if (events.length > 0) throw refuseEvents(events, server.host);
  await requireNothingPrepared(session);
  await lockAccounts(session);
  await endClients(session, await readNewestSession(session));
  await requireNothingPreparedLate(session);
  await requireClosed(session, server.host);
  await requireLocked(session, server);
  await equalizeCounters(session, server.databases);
  await refuseClients(session);
  const position = await readPosition(session);
  await noteFencePosition(session, position);
  return position;
}

/** Noted before they are locked: a lock without a note would never be opened. One statement, so that all are locked or none. */
async function lockAccounts(session: Session): Promise<void> {
  const open = (await readAccounts(session)).filter(({ locked }) => !locked).map(accountName);
  await addNotes(session, 'account', open);
  if (open.length > 0) await session.query(`ALTER USER ${open.join(', ')} ACCOUNT LOCK`);
}

/** Who prepared a transaction in the last moment cannot sign in to end it: let in again, and fenced another time. */
async function requireNothingPreparedLate(session: Session): Promise<void> {
  try {
    await requireNothingPrepared(session);
  } catch (error) {
    await unlockAccounts(session);
    throw error;
  }
}

/** Gives back exactly what {@link lockAccounts} has taken. Accounts that were dropped meanwhile are passed over. */
async function unlockAccounts(session: Session): Promise<void> {
  const noted = await readNotes(session, 'account');
  const there = new Set((await readAccounts(session)).map(accountName));
  const locked = noted.filter((name) => there.has(name));
  if (locked.length > 0) await session.query(`ALTER USER ${locked.join(', ')} ACCOUNT UNLOCK`);
  await removeNotes(session, 'account');
}

/**
 * Opens one side after the proof that the other is closed, and that nobody has written there behind the fence: at no instant do both accept
 * writes, and no row stays behind.
 */
export async function open(input: Input<'open'>): Promise<Answer<'open'>> {
  const closed = { ...input.closed, login: input.login };
  const opened = { ...input.open, login: input.login };
  const fencedAt = await withKeptSession(closed, async (session) => {
    await requireClosed(session, closed.host);
    if (await isReadOnly(session)) {
      await requireNothingPrepared(session);
    } else {
      await refuseClients(session);
    }
    const position = await readFencePosition(session);
    await requireUndisturbed(session, position);
    return position;
  });
  await withKeptSession(opened, async (session) => {
    if (await setReadOnly(session, false))
      throw new Refused('read-only', `${opened.host} is still read-only; the service has not opened it yet`);
    await endStream(session, opened, fencedAt);
    await unlockAccounts(session);
    await noteFencePosition(session, '');
  });
  return { writable: input.databases };
}

/** A stream that could still write would follow a side that is closed for good; it must have brought everything. */
async function endStream(session: Session, { host }: Server, fencedAt: string): Promise<void> {
  const replica = await readReplica(session);
  if (!replica) return;
  if (!stands(replica)) throw new Refused('attached', `${host} still receives the reverse stream`);
  if (fencedAt !== '' && !hasReached(replica.applied, fencedAt))
    throw new Refused(
      'attached',
      `${host} has received everything until ${replica.applied} only, not until ${fencedAt}`,
    );
  await forgetReplica(session, replica);
}

/** Whether an application can sign in and write. */
export async function probeWrite(input: Input<'probe-write'>): Promise<Answer<'probe-write'>> {
  const welcome = await withKeptSession(input, (session) => probe(session, input));
  return {
    writable: Object.fromEntries(input.databases.map((name) => [name, welcome === 'writable'])),
    held: [],
  };
}

/** Who could write, and whether the server is closed. Changes nothing. Behind `read_only` a session that is left over cannot write. */
export async function foreignWriters(input: Input<'foreign-writers'>): Promise<Answer<'foreign-writers'>> {
  const { writers, closed } = await withKeptSession(input, async (session) => ({
    writers: await readWriters(session),
    closed: await isClosed(session),
  }));
  return {
    writers: mostWriting(writers),
    closed: Object.fromEntries(input.databases.map((name) => [name, closed])),
  };
}
