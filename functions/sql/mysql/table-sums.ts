import type { SideProgress } from '../../domain/way-back/facts.ts';
import { identifier, tableName } from './quoting.ts';
import type { Session } from './session.ts';
import type { Column, Table } from './tables.ts';

export const startOfSide: SideProgress = { block: 0, rows: '0', digest: '0' };

/** About so many rows of a table are read by one statement. */
const rowsAtOnce = 50_000;

const integers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];
/** Long values, of which only the digest goes into the row's: together they could be longer than the server takes. */
const longTypes = [
  'tinytext',
  'text',
  'mediumtext',
  'longtext',
  'json',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
];
const binaryTypes = ['binary', 'varbinary', 'bit', 'vector'];
const spatialTypes = [
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geometrycollection',
  'geomcollection',
];

/**
 * Adds the next piece of a table to its sums. The digest adds up 60 bits of each row's SHA-256, so that neither the order of rows nor the pieces
 * matter, and two equal rows count twice. The server's own CHECKSUM TABLE is not the same for the same rows on two versions.
 * Pieces are ranges of the key's first column where that is a number; other tables are read in one.
 */
export async function sumPiece(
  session: Session,
  table: Table,
  from: SideProgress,
  by: 'counts' | 'checksums',
): Promise<SideProgress> {
  const range = await readRange(session, table);
  const of = from.of ?? (range ? piecesOf(range, table.rows) : 1);
  const where = range && of > 1 ? pieceOf(range, from.block, of) : '';
  const sum = `CAST(COALESCE(SUM(CAST(CONV(SUBSTRING(SHA2(${rowText(table.columns)}, 256), 1, 15), 16, 10) AS UNSIGNED)), 0) AS CHAR)`;
  const [row] = await session.query<{ rows: string; digest: string }>(
    `SELECT CAST(COUNT(*) AS CHAR) AS \`rows\`, ${by === 'checksums' ? sum : "'0'"} AS digest FROM ${tableName(table)}${where}`,
  );
  return {
    block: from.block + 1,
    rows: add(from.rows, row?.rows),
    digest: add(from.digest, row?.digest),
    of,
  };
}

/** Whether everything of it is read. */
export const isRead = ({ block, of }: SideProgress): boolean => of !== undefined && block >= of;

interface Range {
  column: string;
  least: bigint;
  most: bigint;
}

async function readRange(session: Session, table: Table): Promise<Range | undefined> {
  const [column] = table.key;
  const type = table.columns.find(({ name }) => name === column)?.type ?? '';
  if (column === undefined || !integers.includes(type)) return undefined;
  const [row] = await session.query<{ least: string | null; most: string | null }>(
    `SELECT CAST(MIN(${identifier(column)}) AS CHAR) AS least, CAST(MAX(${identifier(column)}) AS CHAR) AS most FROM ${tableName(table)}`,
  );
  if (row?.least == null || row.most == null) return undefined;
  return { column, least: BigInt(row.least), most: BigInt(row.most) };
}

function piecesOf({ least, most }: Range, rows: number): number {
  const span = most - least + 1n;
  const wanted = Math.max(1, Math.ceil(rows / rowsAtOnce));
  return span < BigInt(wanted) ? Number(span) : wanted;
}

/** The first and the last piece have no outer end: they take what lies beyond as well. */
function pieceOf({ column, least, most }: Range, block: number, of: number): string {
  const step = (most - least) / BigInt(of) + 1n;
  const name = identifier(column);
  const begin = least + step * BigInt(block);
  const bounds = [
    ...(block === 0 ? [] : [`${name} >= ${begin}`]),
    ...(block === of - 1 ? [] : [`${name} < ${begin + step}`]),
  ];
  return bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
}

/** Every value by hexadecimal digits, so that no value can look like two, and NULL like none. */
function rowText(columns: Column[]): string {
  return `CONCAT_WS(',', ${columns.map((column) => `COALESCE(${valueText(column)}, '~')`).join(', ')})`;
}

function valueText({ name, type }: Column): string {
  const column = identifier(name);
  if (longTypes.includes(type)) return `SHA2(${column}, 256)`;
  if (spatialTypes.includes(type)) return `SHA2(ST_AsWKB(${column}), 256)`;
  if (binaryTypes.includes(type)) return `HEX(${column})`;
  return `HEX(CAST(${column} AS CHAR CHARACTER SET utf8mb4))`;
}

function add(a: string, b: string | undefined): string {
  return String(BigInt(a) + BigInt(b ?? 0));
}
