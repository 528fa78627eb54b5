import { type Column, judgeSchemas, type Table } from '../../domain/build/schema.ts';
import type { Answer, Input } from '../contract.ts';
import { foreignSchemas } from './names.ts';
import { literals } from './quoting.ts';
import { type Session, withSession } from './session.ts';

/** Reads the catalogs of both sides and judges what differs. Changes nothing. */
export async function compareSchema(input: Input<'compare-schema'>): Promise<Answer<'compare-schema'>> {
  const { login } = input;
  const [blue, green] = await Promise.all([
    withSession({ ...input.blue, login }, readTables),
    withSession({ ...input.green, login }, readTables),
  ]);
  return judgeSchemas('mysql', blue, green);
}

async function readTables(session: Session): Promise<Table[]> {
  const tables = new Map<string, Table>();
  const of = (name: string) => tables.get(name) as Table;
  for (const { name, ...column } of await readColumns(session)) {
    if (!tables.has(name)) tables.set(name, { name, columns: [], key: [], constraints: {}, triggers: {} });
    of(name).columns.push(column.column);
  }
  for (const { name, index, column } of await readUnique(session)) {
    if (!tables.has(name)) continue;
    if (index === 'PRIMARY') of(name).key.push(column);
    else of(name).constraints[index] = 'unique index';
  }
  for (const { name, constraint, kind } of await readConstraints(session))
    if (tables.has(name)) of(name).constraints[constraint] = kind.toLowerCase();
  for (const { name, trigger } of await readTriggers(session))
    if (tables.has(name)) of(name).triggers[trigger] = false;
  return [...tables.values()];
}

const ours = (schema: string) => `${schema} NOT IN (${literals(foreignSchemas)})`;

async function readColumns(session: Session): Promise<{ name: string; column: Column }[]> {
  const rows = await session.query<
    Record<'schema' | 'table' | 'name' | 'type' | 'nullable' | 'extra', string> & {
      fallback: string | null;
      charset: string | null;
    }
  >(
    `SELECT c.table_schema AS \`schema\`, c.table_name AS \`table\`, c.column_name AS name, c.column_type AS type, c.character_set_name AS charset,
            c.is_nullable AS nullable, c.column_default AS fallback, c.extra AS extra
       FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
      WHERE t.table_type = 'BASE TABLE' AND ${ours('c.table_schema')} ORDER BY 1, 2, c.ordinal_position`,
  );
  return rows.map(({ schema, table, name, type, charset, nullable, fallback, extra }) => ({
    name: `${schema}.${table}`,
    column: {
      name,
      type: `${plainType(type)}${charset ? ` ${charset.replace(/^utf8$/, 'utf8mb3')}` : ''}`,
      notNull: nullable === 'NO',
      hasDefault: fallback !== null || /auto_increment/i.test(extra),
      generated: /GENERATED/i.test(extra.replace(/DEFAULT_GENERATED/gi, '')),
    },
  }));
}

/** Newer versions show no width of an integer, which says nothing of its values. */
const plainType = (type: string) =>
  type.toLowerCase().replace(/^((?:tiny|small|medium|big)?int)\(\d+\)/, '$1');

function readUnique(session: Session): Promise<{ name: string; index: string; column: string }[]> {
  return session.query(
    `SELECT CONCAT(table_schema, '.', table_name) AS name, index_name AS \`index\`, column_name AS \`column\`
       FROM information_schema.statistics WHERE non_unique = 0 AND ${ours('table_schema')} ORDER BY 1, 2, seq_in_index`,
  );
}

function readConstraints(session: Session): Promise<{ name: string; constraint: string; kind: string }[]> {
  return session.query(
    `SELECT CONCAT(table_schema, '.', table_name) AS name, constraint_name AS \`constraint\`, constraint_type AS kind
       FROM information_schema.table_constraints WHERE constraint_type IN ('CHECK', 'FOREIGN KEY') AND ${ours('table_schema')}`,
  );
}

function readTriggers(session: Session): Promise<{ name: string; trigger: string }[]> {
  return session.query(
    `SELECT CONCAT(event_object_schema, '.', event_object_table) AS name, trigger_name AS \`trigger\`
       FROM information_schema.triggers WHERE ${ours('event_object_schema')}`,
  );
}
