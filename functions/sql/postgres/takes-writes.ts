import type { Answer, Input } from '../contract.ts';
import { beginsReadOnly } from './begins-read-only.ts';
import { eachHeldDatabase, type Server, type Session } from './session.ts';

/**
 * Whether a server is production by itself. RDS opens it for writing last of all, after it has moved the names, and from then on does not put
 * a switchover back; and what its own stream brings is complete once no stream writes there any more.
 */
export async function takesWrites(input: Input<'takes-writes'>): Promise<Answer<'takes-writes'>> {
  const found = await eachHeldDatabase(input, input.databases, (session, database) =>
    findHindrance(session, input, database),
  );
  const because = [...found.values()].find((hindrance) => hindrance !== null) ?? null;
  return { takesWrites: because === null, because };
}

async function findHindrance(session: Session, server: Server, database: string): Promise<string | null> {
  const { rows } = await session.query<{ copy: boolean; stream: string | null }>(
    `SELECT pg_is_in_recovery() AS copy, coalesce(
        (SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
          WHERE d.datname = current_database() AND s.subenabled LIMIT 1),
        (SELECT backend_type FROM pg_stat_activity
          WHERE datname = current_database() AND backend_type LIKE 'logical replication %worker' LIMIT 1)) AS stream`,
  );
  const [state] = rows;
  if (state?.copy !== false) return 'the server is a physical copy';
  if (state.stream !== null) return `a stream still writes into database ${database}: ${state.stream}`;
  return (await beginsReadOnly(server, database)) ? `sessions in database ${database} begin read-only` : null;
}
