import type { Sql } from './database.ts';

/** What belongs to the user, as `c` of pg_class in the schema `n`: no schema of the system, nothing that came with an extension. */
export const OF_THE_USER = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** How many tables there are, of every kind that holds rows of its own or in partitions. */
export async function countTables(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'm') AND ${OF_THE_USER}`,
  );
  return rows[0]?.count ?? 0;
}

/** A table whose rows replication carries: permanent, not partitioned itself, not part of an extension. */
export interface Table {
  /** Quoted, with its schema. */
  name: string;
  bytes: string;
  /** Columns whose values are kept, quoted, in a list; those that are generated have none of their own. */
  columns: string;
}

/** Tables of the application, in the order of their names. */
export async function tablesOf(sql: Sql): Promise<Table[]> {
  const { rows } = await sql.query<Table>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_table_size(c.oid) AS bytes,
            coalesce((SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '') AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence = 'p'
        AND ${OF_THE_USER}
      ORDER BY 1`,
  );
  return rows;
}

/** Unlogged tables, whose rows no copy and no replication carries. */
export async function unloggedTablesOf(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence = 'u' AND ${OF_THE_USER} ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Materialized views of the user that hold rows, in the order in which they were made: one may read another. */
export async function filledViewsOf(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated AND ${OF_THE_USER} ORDER BY c.oid`,
  );
  return rows.map(({ name }) => name);
}
