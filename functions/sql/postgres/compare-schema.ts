import { judgeSchemas, type Table } from '../../domain/build/schema.ts';
import type { Answer, Input } from '../contract.ts';
import { listDatabases } from './databases.ts';
import { eachDatabase, type Server, withSession } from './session.ts';

/** Reads the catalogs of both sides and judges what differs. Changes nothing. */
export async function compareSchema(input: Input<'compare-schema'>): Promise<Answer<'compare-schema'>> {
  const { login } = input;
  const [blue, green] = await Promise.all([
    readTables({ ...input.blue, login }),
    readTables({ ...input.green, login }),
  ]);
  return judgeSchemas('postgresql', blue, green);
}

async function readTables(server: Server): Promise<Table[]> {
  const found = await withSession(server, 'postgres', listDatabases);
  const names = found.map(({ name }) => name);
  const tables = await eachDatabase(server, names, async (session, database) => {
    const { rows } = await session.query<Table>(catalog);
    return rows.map((table) => ({ ...table, name: `${database}.${table.name}` }));
  });
  return [...tables.values()].flat();
}

/** What users name as kinds of constraints, by `contype`. NOT NULL stands at the column. */
const kinds = `CASE k.contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique constraint' WHEN 'x' THEN 'exclusion' WHEN 'f' THEN 'foreign key' END`;

/**
 * Tables of the application: none of the server, of ours, or of an extension, which a new version may change. The key is the replica identity
 * (`relreplident`). A unique index that belongs to a constraint is named by it.
 */
const catalog = `
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
                          'hasDefault', a.atthasdef OR a.attidentity <> '', 'generated', a.attgenerated <> '') ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       CASE WHEN c.relreplident = 'f' THEN json_build_array('*') ELSE coalesce((
         SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
          WHERE i.indrelid = c.oid AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END), '[]') END AS key,
       coalesce((SELECT json_object_agg(name, kind) FROM (
         SELECT k.conname AS name, ${kinds} AS kind FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'u', 'x', 'f')
         UNION
         SELECT r.relname, 'unique index' FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND i.indisunique AND NOT i.indisprimary
            AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)) AS both_kinds), '{}') AS constraints,
       coalesce((SELECT json_object_agg(t.tgname, t.tgenabled IN ('A', 'R')) FROM pg_trigger t
                  WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'), '{}') AS triggers
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname <> 'viridian' AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1`;
