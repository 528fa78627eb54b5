import type { Answer, Input } from '../contract.ts';
import { readPosition } from './log.ts';
import { isReadOnly } from './read-only.ts';
import { readReplica, stands } from './replica.ts';
import { type Session, withKeptSession } from './session.ts';

/** Whether a server is production by itself: RDS lifts `read_only` last of all, after its own stream has stopped. */
export async function takesWrites(input: Input<'takes-writes'>): Promise<Answer<'takes-writes'>> {
  return withKeptSession(input, async (session) => {
    const because = await findHindrance(session);
    const position = await readPosition(session);
    return { because, changes: Object.fromEntries(input.databases.map((database) => [database, position])) };
  });
}

async function findHindrance(session: Session): Promise<string | null> {
  if (await isReadOnly(session)) return 'the server is read-only';
  const replica = await readReplica(session);
  return replica && !stands(replica) ? `a stream from ${replica.host} still writes there` : null;
}
