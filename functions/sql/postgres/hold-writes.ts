import { Refused } from '../failure.ts';
import type { Answer, Input } from '../operations.ts';
import { inTransaction, type Session, withKeptSession } from '../session.ts';
import { countAllChanges } from './changes.ts';
import { endSessionsBefore, readWriters } from './foreign-sessions.ts';
import { forgetMark, setMark } from './marks.ts';
import { findNotHeld, readHeldRoles } from './role-gate.ts';

type Asked<A extends 'hold-writes' | 'release-writes'> = Input<A>;

export async function holdWrites(input: Asked<'hold-writes'>): Promise<Answer<'hold-writes'>> {
  const { applicationRoles, databases, executionArn } = input;
  return withKeptSession(input, anyOf(databases), async (session) => {
    await refuseCopy(session);
    if (applicationRoles.length > 0) await closeGate(session, applicationRoles, executionArn);
    return {
      held: applicationRoles,
      writers: await readWriters(session, databases),
      changes: await countAllChanges(session, input, databases),
    };
  });
}

export async function releaseWrites(input: Asked<'release-writes'>): Promise<Answer<'release-writes'>> {
  const { applicationRoles, databases, executionArn } = input;
  return withKeptSession(input, anyOf(databases), async (session) => {
    await refuseCopy(session);
    await changeGate(session, applicationRoles, false);
    await setMark(session, 'released', executionArn);
    await endSessionsBefore(session, 'released', { roles: applicationRoles, databases: null });
    const stillHeld = await readHeldRoles(session, applicationRoles);
    return { released: applicationRoles.filter((role) => !stillHeld.includes(role)), stillHeld };
  });
}

async function closeGate(session: Session, roles: string[], run: string): Promise<void> {
  await changeGate(session, roles, true);
  const notHeld = await findNotHeld(session, roles);
  if (notHeld.length > 0) throw new Refused('not-held', notHeld.join('; '));
  await setMark(session, 'held', run);
  await endSessionsBefore(session, 'held', { roles, databases: null });
}

/** Changes the roles that are not as wanted, all or none. The mark goes with it: sessions must be looked at anew. */
async function changeGate(session: Session, roles: string[], hold: boolean): Promise<void> {
  const held = await readHeldRoles(session, roles);
  const wrong = roles.filter((role) => held.includes(role) !== hold);
  if (wrong.length === 0) return;
  await inTransaction(session, async () => {
    for (const role of wrong) await session.query('SELECT viridian.hold_role($1, $2)', [role, hold]);
    await forgetMark(session, hold ? 'held' : 'released');
  });
}

async function refuseCopy(session: Session): Promise<void> {
  const { rows } = await session.query<{ copy: boolean }>('SELECT pg_is_in_recovery() AS copy');
  if (rows[0]?.copy !== false) {
    throw new Refused('read-only-copy', 'this server is a physical copy: roles cannot be changed on it');
  }
}

function anyOf([database]: string[]): string {
  return database ?? 'postgres';
}
