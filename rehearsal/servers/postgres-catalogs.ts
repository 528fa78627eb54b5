import type { Database, Sql } from '../../packages/local-aws/postgres/database.ts';
import type { Report } from '../report/types.ts';

type Tables = NonNullable<Report['statistics']>['tables'];

/** Everything on a server that has to do with replication, such as `publication orders_feed`. */
export async function findReplication({ sql }: Database): Promise<string[]> {
  const { rows } = await sql.query<{ what: string }>(
    `SELECT 'slot ' || slot_name AS what FROM pg_replication_slots UNION ALL
     SELECT 'publication ' || pubname FROM pg_publication UNION ALL
     SELECT 'subscription ' || subname FROM pg_subscription`,
  );
  return rows.map(({ what }) => what);
}

/** Every table of users; ours aside. `reltuples` is negative until the first ANALYZE. */
export async function readTables(sql: Sql): Promise<Tables> {
  const { rows } = await sql.query<Tables[number]>(
    `SELECT format('%I.%I', schemaname, s.relname) AS name, nullif(greatest(c.reltuples, -1), -1)::float8 AS rows,
            (SELECT count(*)::int FROM pg_stats p WHERE p.schemaname = s.schemaname AND p.tablename = s.relname) AS columns,
            (extract(epoch FROM last_analyze) * 1000)::float8 AS "analyzedAt"
       FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE schemaname <> 'viridian' ORDER BY 1`,
  );
  return rows;
}
