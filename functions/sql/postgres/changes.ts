import type { ChangeCounts } from '../../domain/way-back/facts.ts';
import { ownSchema } from './names.ts';
import { eachHeldDatabase, type Server, type Session } from './session.ts';

/**
 * Rows that were changed in a database since its statistics began, without ours. A session adds its own when it ends or
 * rests, so the sum is exact only after sessions were ended. Null while a stream is applied there.
 */
export async function countChanges(session: Session): Promise<string | null> {
  const { rows } = await session.query<{ changes: string | null }>(
    `SELECT CASE WHEN EXISTS (SELECT FROM pg_stat_activity
                     WHERE datname = current_database() AND backend_type LIKE 'logical replication %worker') THEN NULL
            ELSE (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text FROM pg_stat_user_tables WHERE schemaname <> $1)
            END AS changes`,
    [ownSchema],
  );
  return rows[0]?.changes ?? null;
}

/**
 * The same for several databases; null when it is not exact in one of them.
 * @param session is in the first of them
 */
export async function countAllChanges(
  session: Session,
  server: Server,
  [first = '', ...others]: string[],
): Promise<ChangeCounts | null> {
  const counts: ChangeCounts = {};
  const found = [[first, await countChanges(session)] as const];
  for (const [database, changes] of [...found, ...(await eachHeldDatabase(server, others, countChanges))]) {
    if (changes === null) return null;
    counts[database] = changes;
  }
  return counts;
}
