import { firstNames } from '../../domain/model/first-names.ts';
import type { Writer } from '../../domain/way-back/facts.ts';
import { Refused } from '../refused.ts';
import { serverTime } from './clock.ts';
import { subscription } from './names.ts';
import type { Session } from './session.ts';

/** The service's own role is not ours to end; ours are not foreign. */
export const isForeign = `a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
  AND a.usename <> current_user AND a.usename <> 'rdsadmin'`;

/** Which sessions: of these roles (all, when null), in these databases (all, when null). */
export interface Whose {
  roles: string[] | null;
  databases: string[] | null;
}

/** How long ending may take, by the server's clock, in seconds. */
const endWithin = 5;

/**
 * Ends foreign sessions that no other will follow, because a wall stands before new ones, and looks until none is left. Their open
 * transactions are rolled back. A session that was signing in when the wall was made shows up late; from its look at its right to
 * connect until then it locks the database, so whoever holds that lock is waited for. A superuser's session is not ours to end.
 */
export async function endForeignSessions(session: Session, whose: Whose): Promise<void> {
  const started = await serverTime(session);
  for (;;) {
    const { rows } = await session.query<{ pid: number; role: string }>(
      `SELECT a.pid, a.usename AS role,
              CASE WHEN r.rolsuper AND NOT pg_has_role(r.oid, 'MEMBER') THEN false ELSE pg_terminate_backend(a.pid) END AS ended
         FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
        WHERE ${isForeign}
          AND ($1::text[] IS NULL OR a.usename = ANY ($1)) AND ($2::text[] IS NULL OR a.datname = ANY ($2))
       UNION ALL
       SELECT l.pid, 'a role that is signing in', false
         FROM pg_locks l JOIN pg_database d ON d.oid = l.objid
        WHERE l.locktype = 'object' AND l.classid = 'pg_database'::regclass AND l.mode = 'RowExclusiveLock' AND d.datname = ANY ($2)
          AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = l.pid AND (a.usesysid IS NOT NULL OR a.backend_type <> 'client backend'))`,
      [whose.roles, whose.databases],
    );
    if (rows.length === 0) return;
    if ((await serverTime(session)) - started > endWithin) {
      const named = firstNames(rows.map(({ pid, role }) => `${pid} of ${role}`)).join(', ');
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
    throw new Refused('writers', `still writing: ${firstNames(writing.map(describeWriter)).join(', ')}`);
}

/** Rejects while one of them is there, writing or not: behind a fence an idle session can write at any time. */
export async function refuseSessions(session: Session, databases: string[]): Promise<void> {
  const there = await readWriters(session, databases);
  if (there.length > 0)
    throw new Refused('writers', `still there: ${firstNames(there.map(describeWriter)).join(', ')}`);
}

export function describeWriter({ pid, role, database, prepared }: Writer): string {
  return prepared === undefined
    ? `session ${pid} of ${role} in ${database}`
    : `prepared transaction "${prepared}" of ${role} in ${database}`;
}
