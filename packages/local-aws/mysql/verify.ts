import type { Comparison } from '../servers/verification.ts';
import type { Connection } from './connection.ts';
import type { Views } from './cut-over.ts';

export type TableComparison = Comparison;

/** Reads every table of both views, beside each other, and lets go of them. A table that is on one side only is not equal. */
export async function compareSides({ blue, green }: Views): Promise<TableComparison[]> {
  try {
    const [here, there] = await Promise.all([readDigests(blue), readDigests(green)]);
    const names = [...new Set([...here.keys(), ...there.keys()])].sort();
    return names.map((name) => {
      const [ours, theirs] = [here.get(name), there.get(name)];
      return {
        name,
        rows: ours?.rows ?? 0,
        checksum: ours?.checksum ?? '',
        equal: ours !== undefined && ours.rows === theirs?.rows && ours.checksum === theirs.checksum,
        isView: false,
      };
    });
  } finally {
    blue.end();
    green.end();
  }
}

/** Rows and the sum of 60 bits of each row's digest, whatever the order of rows and columns. */
async function readDigests(session: Connection): Promise<Map<string, { rows: number; checksum: string }>> {
  const columns = await session.query(
    `SELECT c.table_schema AS \`schema\`, c.table_name AS \`table\`, c.column_name AS name
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND c.table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
      ORDER BY c.table_schema, c.table_name, c.column_name`,
  );
  const tables = new Map<string, string[]>();
  for (const { schema, table, name } of columns) {
    const key = `${quote(schema)}.${quote(table)}`;
    tables.set(key, [...(tables.get(key) ?? []), quote(name)]);
  }
  const digests = new Map<string, { rows: number; checksum: string }>();
  for (const [table, names] of tables) {
    const text = `CONCAT_WS(',', ${names.map((name) => `COALESCE(SHA2(${name}, 256), '~')`).join(', ')})`;
    const [row] = await session.query(
      `SELECT COUNT(*) AS \`rows\`, CAST(COALESCE(SUM(CAST(CONV(SUBSTRING(SHA2(${text}, 256), 1, 15), 16, 10) AS UNSIGNED)), 0) AS CHAR) AS checksum FROM ${table}`,
    );
    digests.set(table.replaceAll('`', ''), { rows: Number(row?.rows), checksum: String(row?.checksum) });
  }
  return digests;
}

const quote = (name: unknown): string => `\`${String(name).replaceAll('`', '``')}\``;
