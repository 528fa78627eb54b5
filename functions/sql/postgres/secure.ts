import { firstNames } from '../../domain/model/first-names.ts';
import type { ChangeCounts, SecuredDatabase } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { countChanges } from './changes.ts';
import { during } from './failure.ts';
import { endForeignSessions, refuseWriters } from './foreign-sessions.ts';
import { slotName } from './names.ts';
import { positionOfOwnCommit } from './position.ts';
import { type PublicationNote, publish, readNote, writeNote } from './publication.ts';
import { findNotHeld, findUnheldSessions } from './role-gate.ts';
import { eachHeldDatabase, type Session } from './session.ts';
import { makeSlot, readSlot, requireSlot } from './slot.ts';
import { readWithoutIdentity } from './tables.ts';

/**
 * From here on new production keeps everything that is written, for the target to fetch. PostgreSQL tells no position at which
 * the cut was, so publication and slot are made while nobody writes, and that nobody did is looked at after them. Without a gate a
 * hook has stopped the application, and a session that it left open and idle may not have told yet what it wrote before.
 */
export async function secure(input: Input<'secure'>): Promise<Answer<'secure'>> {
  const answers = await eachHeldDatabase(input, input.databases, (session, database) =>
    secureDatabase(session, database, input),
  );
  return { secured: [...answers.values()] };
}

async function secureDatabase(
  session: Session,
  database: string,
  input: Input<'secure'>,
): Promise<SecuredDatabase> {
  const note = await readNote(session, input.executionArn);
  if (note?.start !== undefined) {
    await requireSlot(session, database, note.asked);
    return describe(database, note.asked, note.start);
  }
  await requireHeld(session, input);
  await requireReplicable(session);
  await requireUnchanged(session, database, input.changes);
  const slot = await readSlot(session, database, note?.asked ?? '0/0');
  // An event may have woken a second look while the first one is at work: its publication stands before its slot does.
  const known = note ?? (slot === undefined ? undefined : await readNote(session, input.executionArn));
  if (!known && slot !== undefined) {
    throw new Refused('foreign', `slot ${slotName(database)} was there before its publication`);
  }
  const begun = known ?? (await begin(session, input.executionArn));
  if (slot === undefined) {
    await during(`making the slot in database ${database}, which waits for open transactions`, () =>
      makeSlot(session, database),
    );
  }
  const start = await requireSlot(session, database, begun.asked);
  await requireHeld(session, input);
  await settleCounts(session, input);
  await requireUnchanged(session, database, input.changes);
  await writeNote(session, { ...begun, start });
  return describe(database, begun.asked, start);
}

/** The position is asked for before anything is made: the slot must begin after all that the cut has brought. */
async function begin(session: Session, run: string): Promise<PublicationNote> {
  const note = { run, asked: await positionOfOwnCommit(session) };
  await publish(session, note);
  return note;
}

async function requireHeld(
  session: Session,
  { applicationRoles, databases }: Input<'secure'>,
): Promise<void> {
  await refuseWriters(session, databases);
  if (applicationRoles.length === 0) return;
  const open = [
    ...(await findNotHeld(session, applicationRoles)),
    ...(await findUnheldSessions(session, applicationRoles, databases)),
  ];
  if (open.length > 0)
    throw new Refused('not-held', `the gate does not hold: ${firstNames(open).join(', ')}`);
}

/** A publication makes UPDATE and DELETE fail on a table without identity: that would stop the application. */
async function requireReplicable(session: Session): Promise<void> {
  const bad = await readWithoutIdentity(session);
  if (bad.length > 0) {
    const names = firstNames(bad).join(', ');
    throw new Refused('without-identity', `no primary key and no replica identity: ${names}`);
  }
  const { rows } = await session.query<{ name: string }>(
    `SELECT s.subname AS name FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database() AND s.subenabled`,
  );
  if (rows.length > 0) {
    const names = firstNames(rows.map(({ name }) => name)).join(', ');
    throw new Refused('foreign', `another stream still flows into new production: ${names}`);
  }
}

/**
 * A session reports what it changed when it ends or rests; so those of held roles are ended before their changes are counted. The gate
 * lets no other follow.
 */
async function settleCounts(session: Session, { applicationRoles }: Input<'secure'>): Promise<void> {
  if (applicationRoles.length === 0) return;
  await endForeignSessions(session, { roles: applicationRoles, databases: null });
}

async function requireUnchanged(session: Session, database: string, before: ChangeCounts): Promise<void> {
  const now = await countChanges(session);
  if (now === null || now !== before[database]) {
    throw new Refused(
      'application-write',
      `rows of database ${database} were changed while writes were held, or its server restarted and lost its counts`,
    );
  }
}

function describe(database: string, asked: string, start: string): SecuredDatabase {
  return { database, slot: slotName(database), asked, start };
}
