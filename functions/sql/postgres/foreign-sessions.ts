import type { Writer } from '../../domain/way-back-facts.ts';
import { Refused } from '../failure.ts';
import type { Session } from '../session.ts';
import { serverTime } from './clock.ts';
import { type Mark, markedHere } from './marks.ts';
import { subscription } from './names.ts';

/** The service's own role is not ours to end; ours are not foreign. */
const isForeign = `a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
  AND a.usename <> current_user AND a.usename <> 'rdsadmin'`;

/** Which sessions: of these roles (all, when null), in these databases (all, when null). */
export interface Whose {
  roles: string[] | null;
  databases: string[] | null;
}

/** How long ending may take, by the server's clock, in seconds. */
const endWithin = 5;

/**
 * Ends the foreign sessions that began before a mark, and looks until none is left. Their open transactions are rolled back.
 * A session that is still signing in shows up late, but then it reads its settings later still, so the gate binds it.
 */
export async function endSessionsBefore(session: Session, mark: Mark, whose: Whose): Promise<void> {
  const started = await serverTime(session);
  for (;;) {
    const { rows } = await session.query<{ pid: number; role: string }>(
      `SELECT a.pid, a.usename AS role, pg_terminate_backend(a.pid)
         FROM pg_stat_activity a, viridian.heartbeat h
        WHERE ${isForeign} AND h.name = ${markedHere} AND a.backend_start <= h.at
          AND ($2::text[] IS NULL OR a.usename = ANY ($2)) AND ($3::text[] IS NULL OR a.datname = ANY ($3))`,
      [mark, whose.roles, whose.databases],
    );
    if (rows.length === 0) return;
    if ((await serverTime(session)) - started > endWithin) {
      const named = rows.map(({ pid, role }) => `${pid} of ${role}`).join(', ');
      throw new Refused('writers', `sessions did not end within ${endWithin} s: ${named}`);
    }
    await session.query('SELECT pg_sleep(0.01)');
  }
}

/**
 * Foreign sessions and everything else that could still write: prepared transactions, and background jobs that do. Our own stream
 * brings what new production has committed, so it is none of them.
 */
export async function readWriters(session: Session, databases: string[]): Promise<Writer[]> {
  const { rows } = await session.query<Omit<Writer, 'prepared'> & { prepared: string | null }>(
    `SELECT a.datname AS database, a.pid, coalesce(a.usename, '') AS role, a.application_name AS application,
            a.backend_xid IS NOT NULL AS writing, NULL AS prepared
       FROM pg_stat_activity a
      WHERE a.datname = ANY ($1)
        AND (${isForeign} OR (a.backend_xid IS NOT NULL AND a.backend_type NOT IN ('client backend', 'autovacuum worker', 'walsender')
             AND NOT EXISTS (SELECT FROM pg_stat_get_subscription(NULL) w JOIN pg_subscription s ON s.oid = w.subid
                              WHERE w.pid = a.pid AND s.subname = $2)))
     UNION ALL
     SELECT database, NULL, owner, '', true, gid FROM pg_prepared_xacts WHERE database = ANY ($1)
      ORDER BY 1, 2`,
    [databases, subscription],
  );
  return rows.map(({ prepared, ...writer }) => (prepared === null ? writer : { ...writer, prepared }));
}

/** Rejects while one of them has written without having ended. */
export async function refuseWriters(session: Session, databases: string[]): Promise<void> {
  const writing = (await readWriters(session, databases)).filter((writer) => writer.writing);
  if (writing.length > 0)
    throw new Refused('writers', `still writing: ${writing.map(describeWriter).join(', ')}`);
}

export function describeWriter({ pid, role, database, prepared }: Writer): string {
  return prepared === undefined
    ? `session ${pid} of ${role} in ${database}`
    : `prepared transaction "${prepared}" of ${role} in ${database}`;
}
