import { escapeLiteral } from 'pg';
import {
  type Checksum,
  type Comparison,
  countKeys,
  type FoundKeys,
  type Rows,
  type WriteKey,
} from '../servers/verification.ts';
import { inBatches } from './batches.ts';
import type { Database, Sql } from './database.ts';
import { filledViewsOf, tablesOf, unloggedTablesOf } from './tables.ts';
import { WORKLOAD_SCHEMA } from './workload-schema.ts';

/**
 * Reads the keys of both tables that each write goes to. `orders` refuses a second row for a key; `audit_log` does not, so a change that
 * was applied twice shows there.
 */
export async function findKeys(database: Database): Promise<FoundKeys> {
  const [orders, entries] = [await readKeys(database, 'orders'), await readKeys(database, 'audit_log')];
  return { orders, entries };
}

/** Looks for every acknowledged write, and for doubled keys, acknowledged or not. */
export async function verifyWrites(database: Database, writes: WriteKey[]): Promise<Rows> {
  return countKeys(await findKeys(database), writes);
}

async function readKeys(database: Database, table: string): Promise<Map<string, number>> {
  const { rows } = await database.sql.query<{ key: string; count: number }>(
    `SELECT writer || '/' || n AS key, count(*)::int AS count FROM ${WORKLOAD_SCHEMA}.${table} GROUP BY writer, n`,
  );
  return new Map(rows.map((row) => [row.key, row.count]));
}

/** What stands for the rows of large objects, which are in no table of the user's: pages of each. */
const LARGE_OBJECTS = { name: 'large objects', rows: 'pg_catalog.pg_largeobject' };

/** A digest of every table, of every view that keeps rows, and of large objects: the sum of 60 bits of each row's MD5. */
async function checksums(sql: Sql): Promise<Checksum[]> {
  const names = [
    ...(await tablesOf(sql)).map(({ name }) => name),
    ...(await unloggedTablesOf(sql)),
    ...(await filledViewsOf(sql)),
  ];
  const result: Checksum[] = [];
  for (const name of names) result.push({ name, ...(await digestOf(sql, name)) });
  const pages = await digestOf(sql, LARGE_OBJECTS.rows);
  return pages.rows > 0 ? [...result, { name: LARGE_OBJECTS.name, ...pages }] : result;
}

async function digestOf(sql: Sql, relation: string): Promise<Omit<Checksum, 'name'>> {
  const { rows } = await sql.query<Omit<Checksum, 'name'>>(
    `SELECT count(*)::int AS rows, coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text AS checksum FROM ${relation} t`,
  );
  return rows[0] ?? { rows: 0, checksum: '0' };
}

/** Compares all tables of two sides that stand still. A table that is on one side only is not equal. */
export async function compareTables(left: Sql, right: Sql): Promise<Comparison[]> {
  const [here, there] = [await checksums(left), await checksums(right)];
  const views = new Set([...(await filledViewsOf(left)), ...(await filledViewsOf(right))]);
  const others = new Map(there.map((table) => [table.name, table]));
  const compared = here.map((table) => {
    const other = others.get(table.name);
    others.delete(table.name);
    const equal = other?.rows === table.rows && other.checksum === table.checksum;
    return { ...table, equal, isView: views.has(table.name) };
  });
  const missing = [...others.values()].map((table) => ({
    ...table,
    equal: false,
    isView: views.has(table.name),
  }));
  return [...compared, ...missing];
}

/**
 * Whether every sequence that fills a column of numbers stands at or past the highest value in it, so that the next insert works. A sequence
 * may belong to a column of text, of which its numbers are a part: that cannot be compared.
 */
export async function checkSequences(database: Database): Promise<{ name: string; ahead: boolean }[]> {
  const { rows } = await database.sql.query<{ name: string; owner: string; column: string; up: boolean }>(
    `SELECT format('%I.%I', n.nspname, s.relname) AS name, format('%I.%I', tn.nspname, t.relname) AS owner,
            quote_ident(a.attname) AS column, q.seqincrement > 0 AS up
       FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace JOIN pg_sequence q ON q.seqrelid = s.oid
       JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE s.relkind = 'S' AND t.relpersistence = 'p' AND t.relkind IN ('r', 'p')
        AND a.atttypid = ANY ('{int2,int4,int8,numeric}'::regtype[]) ORDER BY 1`,
  );
  const result: { name: string; ahead: boolean }[] = [];
  for (const batch of inBatches(rows)) {
    const looks = batch.map(({ name, owner, column, up }) => {
      const [extreme, past] = up ? ['max', '>='] : ['min', '<='];
      return `SELECT ${escapeLiteral(name)} AS name, used IS NULL OR (s.is_called AND s.last_value ${past} used)
                OR (NOT s.is_called AND s.last_value ${past} used + (${up ? 1 : -1})) AS ahead
         FROM ${name} s, (SELECT ${extreme}(${column}) AS used FROM ${owner}) t`;
    });
    result.push(
      ...(await database.sql.query<{ name: string; ahead: boolean }>(looks.join(' UNION ALL '))).rows,
    );
  }
  return result;
}
