import type { Distinction } from '../../domain/way-back/identity.ts';
import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { timeline } from './identity.ts';
import { markServer } from './mark.ts';
import { type Server, type Session, withSession } from './session.ts';

/** Blue is asked first: green is marked only once it is proved to be another server. */
export async function distinguish(input: Input<'distinguish'>): Promise<Answer<'distinguish'>> {
  const { login, databases } = input;
  const [database = 'postgres'] = databases;
  const blue = { ...input.blue, login };
  const green = { ...input.green, login };
  const source = await withSession(blue, database, readStart);
  const copy = await withSession(green, database, async (session) => {
    const found = await readStart(session);
    if (found.startedAt === source.startedAt)
      throw new Refused('other-server', `one server answers at ${blue.host} and at ${green.host}`);
    if (!found.inRecovery) await markServer(session, green.resourceId);
    return found;
  });
  return copy.inRecovery ? byTimeline(blue, database) : { by: 'mark', mark: green.resourceId };
}

async function byTimeline(blue: Server, database: string): Promise<Distinction> {
  const own = await withSession(blue, database, readTimeline);
  if (own === null)
    throw new Refused('read-only-copy', `the server at ${blue.host} is a physical copy itself`);
  return { by: 'timeline', timeline: own };
}

/** To the microsecond, so that one server that is reached by two names is seen. */
async function readStart(session: Session): Promise<{ startedAt: string; inRecovery: boolean }> {
  const { rows } = await session.query<{ startedAt: string; inRecovery: boolean }>(
    'SELECT pg_postmaster_start_time()::text AS "startedAt", pg_is_in_recovery() AS "inRecovery"',
  );
  const [server] = rows;
  if (!server) throw new TypeError('the server told nothing of itself');
  return server;
}

async function readTimeline(session: Session): Promise<number | null> {
  const { rows } = await session.query<{ timeline: number | null }>(`SELECT ${timeline} AS timeline`);
  return rows[0]?.timeline ?? null;
}
