import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { mostWriting } from '../most-writing.ts';
import { Refused } from '../refused.ts';
import { countAllChanges } from './changes.ts';
import { endForeignSessions, readWriters } from './foreign-sessions.ts';
import { probeRole } from './names.ts';
import { requireRefused, withProbe } from './probe.ts';
import { findNotHeld, readHeldRoles } from './role-gate.ts';
import { inTransaction, type Server, type Session, withKeptSession } from './session.ts';

type Asked<A extends 'hold-writes' | 'release-writes'> = Input<A>;

export async function holdWrites(input: Asked<'hold-writes'>): Promise<Answer<'hold-writes'>> {
  const { applicationRoles, databases } = input;
  const database = anyOf(databases);
  return withKeptSession(input, database, async (session) => {
    await refuseCopy(session);
    if (applicationRoles.length > 0) await closeGate(session, input, database);
    return {
      held: applicationRoles,
      writers: mostWriting(await readWriters(session, databases)),
      changes: await countAllChanges(session, input, databases),
    };
  });
}

export async function releaseWrites(input: Asked<'release-writes'>): Promise<Answer<'release-writes'>> {
  const { applicationRoles, databases } = input;
  return withKeptSession(input, anyOf(databases), async (session) => {
    await refuseCopy(session);
    // A session that slipped past the gate would stay read-only.
    await endForeignSessions(session, {
      roles: await readHeldRoles(session, applicationRoles),
      databases: null,
    });
    await changeGate(session, plusProbe(applicationRoles), false);
    const stillHeld = await readHeldRoles(session, applicationRoles);
    return { released: applicationRoles.filter((role) => !stillHeld.includes(role)), stillHeld };
  });
}

/** The user that stands for an application is held beside the roles of the application, so that its being refused proves the gate. */
async function closeGate(
  session: Session,
  { applicationRoles, ...server }: Asked<'hold-writes'> & Server,
  database: string,
): Promise<void> {
  const changed = await changeGate(session, plusProbe(applicationRoles), true);
  const notHeld = await findNotHeld(session, applicationRoles);
  if (notHeld.length > 0) throw new Refused('not-held', firstNames(notHeld).join('; '));
  await endForeignSessions(session, { roles: applicationRoles, databases: null });
  if (changed) await withProbe(session, (probe) => requireRefused(probe, server, database, 'role'));
}

function plusProbe(roles: string[]): string[] {
  return roles.length === 0 ? [] : [...roles, probeRole];
}

/** Changes the roles that are not as wanted, all or none; whether there were any. */
async function changeGate(session: Session, roles: string[], hold: boolean): Promise<boolean> {
  const held = await readHeldRoles(session, roles);
  const wrong = roles.filter((role) => held.includes(role) !== hold);
  if (wrong.length === 0) return false;
  await inTransaction(session, async () => {
    for (const role of wrong) await session.query('SELECT viridian.hold_role($1, $2)', [role, hold]);
  });
  return true;
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
