import type { SideProgress } from '../../domain/way-back/facts.ts';
import { literal } from './quoting.ts';
import type { Session } from './session.ts';
import type { Table } from './tables.ts';

export interface TableOnBothSides {
  /** Quoted, with its schema. */
  name: string;
  production: Table | undefined;
  target: Table | undefined;
}

/** A table that both sides have, with the same columns. */
export type SameTable = TableOnBothSides & { production: Table; target: Table };

export function isSameTable(pair: TableOnBothSides): pair is SameTable {
  const { production, target } = pair;
  return (
    production !== undefined &&
    target !== undefined &&
    production.columns.join('\0') === target.columns.join('\0')
  );
}

export const startOfSide: SideProgress = { block: 0, rows: '0', digest: '0' };

/** 16 MiB of a table: about 150,000 small rows, 0.7 s with digests. */
const blocksAtOnce = 2_048;
/** So many tables are read by one statement. PostgreSQL up to 15 plans a union in the square of its parts. */
const tablesAtOnce = 100;

/**
 * Tables in their order, in groups that one statement reads to their ends: a hundred, and 16 MiB a side, at most. A larger table is a group of its
 * own, and is read in pieces.
 */
export function groupTables(pairs: TableOnBothSides[]): TableOnBothSides[][] {
  const groups: TableOnBothSides[][] = [];
  let blocks = 0;
  for (const pair of pairs) {
    const own = blocksOf(pair);
    const last = groups.at(-1);
    if (last && last.length < tablesAtOnce && blocks + own <= blocksAtOnce) {
      last.push(pair);
      blocks += own;
    } else {
      groups.push([pair]);
      blocks = own;
    }
  }
  return groups;
}

function blocksOf({ production, target }: TableOnBothSides): number {
  return Math.max(production?.blocks ?? 0, target?.blocks ?? 0);
}

/** A table and how far it has been read. */
export interface Reading {
  table: Table;
  from: SideProgress;
}

/**
 * Adds the next piece of each table to its sums. Where a row lies differs between the sides, but the sums over all rows do not:
 * the digest adds up 60 bits of each row's MD5, so the order does not matter, and the same row has the same text on PostgreSQL 15 to 18.
 */
export async function sumBlocks(
  session: Session,
  readings: Reading[],
  by: 'counts' | 'checksums',
): Promise<SideProgress[]> {
  const open = readings.flatMap(({ table, from }, index) =>
    from.block < table.blocks ? [writeSum(index, table, from.block, by)] : [],
  );
  const { rows } =
    open.length === 0
      ? { rows: [] }
      : await session.query<{ index: number; rows: string; digest: string }>(open.join(' UNION ALL '));
  return readings.map(({ from }, index) => {
    const piece = rows.find((row) => row.index === index);
    if (!piece) return from;
    return {
      block: from.block + blocksAtOnce,
      rows: add(from.rows, piece.rows),
      digest: add(from.digest, piece.digest),
    };
  });
}

function writeSum(index: number, table: Table, block: number, by: 'counts' | 'checksums'): string {
  return `SELECT ${index} AS index, rows, digest
      FROM viridian.sum_rows(${literal(table.quoted)}, ${block}, ${block + blocksAtOnce}, ${by === 'checksums'})`;
}

function add(a: string, b: string): string {
  return String(BigInt(a) + BigInt(b));
}
