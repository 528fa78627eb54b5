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

/** Nothing identifies a row of `c`: an index that is deferrable, or was left invalid, does not. */
const withoutIdentity = `NOT (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indimmediate AND i.indisvalid
  AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END))`;

/** Of the application, as `c` in the schema `n`. */
const isTable = `c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema', $1)
  AND n.nspname !~ '^pg_toast'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** The tables of the application in a database, in the order of their names. */
export async function readTables(session: Session): Promise<Table[]> {
  const { rows } = await session.query<Table>(
    `SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted,
            size.bytes::float8 AS bytes, (size.bytes / current_setting('block_size')::bigint)::int AS blocks,
            array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   ORDER BY a.attname COLLATE "C") AS columns,
            ${withoutIdentity} AS "withoutIdentity"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_relation_size(c.oid) AS size (bytes)
      WHERE ${isTable} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`,
    [ownSchema],
  );
  return rows;
}

/** Names of those that nothing identifies the rows of, and nothing else of them: it is asked while nobody can write. */
export async function readWithoutIdentity(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${isTable} AND ${withoutIdentity} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`,
    [ownSchema],
  );
  return rows.map(({ name }) => name);
}
