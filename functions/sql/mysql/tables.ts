import { literals } from './quoting.ts';
import type { Session } from './session.ts';

/** A table of the application, whose rows the stream carries. */
export interface Table {
  schema: string;
  name: string;
  engine: string;
  /** Of rows and indexes, as the server estimates them. */
  bytes: number;
  /** As the server estimates them. */
  rows: number;
  /** In the order of their names: the order in the table may differ between two sides. */
  columns: Column[];
  /** Columns of the primary key, in its order. */
  key: string[];
}

export interface Column {
  name: string;
  /** `int`, `varchar`, `json` and so on. */
  type: string;
}

/** The tables of these schemas, in the order of their names. */
export async function readTables(session: Session, schemas: string[]): Promise<Table[]> {
  const within = `table_schema IN (${literals(schemas)})`;
  const tables = await session.query<Omit<Table, 'columns' | 'key'>>(
    `SELECT table_schema AS \`schema\`, table_name AS name, COALESCE(engine, '') AS engine,
            COALESCE(data_length, 0) + COALESCE(index_length, 0) AS bytes, COALESCE(table_rows, 0) AS \`rows\`
       FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND ${within}`,
  );
  const columns = await session.query<{
    schema: string;
    table: string;
    name: string;
    type: string;
    keyPart: number | null;
  }>(
    `SELECT c.table_schema AS \`schema\`, c.table_name AS \`table\`, c.column_name AS name, c.data_type AS type, s.seq_in_index AS keyPart
       FROM information_schema.columns c LEFT JOIN information_schema.statistics s
         ON s.table_schema = c.table_schema AND s.table_name = c.table_name AND s.column_name = c.column_name AND s.index_name = 'PRIMARY'
      WHERE c.${within}`,
  );
  return tables
    .map((table) => {
      const own = columns.filter((column) => column.schema === table.schema && column.table === table.name);
      const parts = own.filter(({ keyPart }) => keyPart !== null);
      return {
        ...table,
        bytes: Number(table.bytes),
        rows: Number(table.rows),
        columns: own.map(({ name, type }) => ({ name, type })).toSorted(byName),
        key: parts.toSorted((a, b) => Number(a.keyPart) - Number(b.keyPart)).map(({ name }) => name),
      };
    })
    .toSorted((a, b) => compareText(a.schema, b.schema) || byName(a, b));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byName = (a: { name: string }, b: { name: string }): number => compareText(a.name, b.name);
