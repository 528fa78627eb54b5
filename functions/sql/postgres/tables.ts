import { ownSchema } from './names.ts';
import type { Session } from './session.ts';

/** A table whose rows replication carries: permanent, not partitioned itself, not part of an extension, not ours. */
export interface Table {
  schema: string;
  name: string;
  /** Quoted, with its schema. */
  quoted: string;
  /** Of the rows, without what lies out of line. */
  bytes: number;
  blocks: number;
  /** In the order of their names: the order in the table may differ between two sides. */
  columns: string[];
  /** Nothing identifies the row that an UPDATE or DELETE means. */
  withoutIdentity: boolean;
}

/** The tables of the application in a database, in the order of their names. */
export async function readTables(session: Session): Promise<Table[]> {
  const { rows } = await session.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted,
            size.bytes::float8 AS bytes, (size.bytes / current_setting('block_size')::bigint)::int AS blocks,
            array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   ORDER BY a.attname COLLATE "C") AS columns,
            NOT (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
              AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END)) AS "withoutIdentity"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_relation_size(c.oid) AS size (bytes)
      WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema', $1)
        AND n.nspname !~ '^pg_toast'
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`,
    [ownSchema],
  );
  return rows;
}
