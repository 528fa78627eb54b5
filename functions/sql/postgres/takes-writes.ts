import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { beginsReadOnly } from './begins-read-only.ts';
import { countChanges } from './changes.ts';
import { describeWriter, readWriters } from './foreign-sessions.ts';
import { eachHeldDatabase, type Server, type Session } from './session.ts';

/**
 * Whether a server is production by itself. RDS opens it for writing last of all, after it has moved the names; and what its own stream brings is
 * complete once no stream writes there any more.
 */
export async function takesWrites(input: Input<'takes-writes'>): Promise<Answer<'takes-writes'>> {
  const looks = await eachHeldDatabase(input, input.databases, async (session, database) => ({
    hindrance: await findHindrance(session, input, database),
    changes: await countChanges(session),
  }));
  const hindrance = [...looks.values()].find((look) => look.hindrance !== null)?.hindrance;
  const counts = [...looks].flatMap(([database, { changes }]) =>
    changes === null ? [] : [[database, changes]],
  );
  return {
    because: hindrance ?? null,
    changes: counts.length < looks.size ? null : Object.fromEntries(counts),
  };
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
  const writing = (await readWriters(session, [database])).filter((writer) => writer.writing);
  if (writing.length > 0) return `still writing: ${firstNames(writing.map(describeWriter)).join(', ')}`;
  return (await beginsReadOnly(server, database)) ? `sessions in database ${database} begin read-only` : null;
}
