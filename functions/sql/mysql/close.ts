import type { Leftovers } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { makePassword } from '../password.ts';
import { replicationUser } from './names.ts';
import { readNotes } from './notes.ts';
import { literal } from './quoting.ts';
import { isReadOnly } from './read-only.ts';
import { forgetReplica, readReplica, stopReplica } from './replica.ts';
import { readLogKept, releaseLogs } from './retention.ts';
import { leaveServer, type Session, withKeptSession, withSession } from './session.ts';

/** Stops the stream into the target, which has everything. Where it stands is kept, so that it can go on if production stays. */
export async function detach(input: Input<'detach'>): Promise<Answer<'detach'>> {
  await withKeptSession(input, async (session) => {
    if (await readOurs(session)) await stopReplica(session);
  });
  return { detached: input.databases };
}

/** Removes what a way back has made at one place, but for a fence, which keeps stray clients out. */
export async function close(input: Input<'close'>): Promise<Answer<'close'>> {
  leaveServer(input);
  await withSession(input, async (session) => {
    const replica = await readOurs(session);
    if (replica) await forgetReplica(session, replica);
    if (await isReadOnly(session)) return;
    await releaseLogs(session);
    await session.query(
      `ALTER USER ${literal(replicationUser)}@'%' IDENTIFIED BY ${literal(makePassword())} ACCOUNT LOCK`,
    );
  });
  return { left: await leftovers(input) };
}

/** Everything of ours at one place. */
export function leftovers(input: Input<'leftovers'>): Promise<Leftovers> {
  return withSession(input, async (session) => {
    const replica = await readOurs(session);
    const logKept = await readLogKept(session);
    return {
      publications: [],
      subscriptions: replica ? input.databases : [],
      slots: [],
      heldRoles: [],
      closed: (await readNotes(session, 'account')).length > 0 ? input.databases : [],
      passwordSet: null,
      ...(logKept && { logKept }),
    };
  });
}

async function readOurs(session: Session) {
  const replica = await readReplica(session);
  return replica?.user === replicationUser ? replica : undefined;
}
