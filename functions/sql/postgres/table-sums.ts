import type { SideProgress } from '../../domain/way-back/facts.ts';
import { identifier } from './quoting.ts';
import type { Session } from './session.ts';
import type { Table } from './tables.ts';

export interface TableOnBothSides {
  /** Quoted, with its schema. */
  name: string;
  production: Table | undefined;
  target: Table | undefined;
}

/** Both sides have it, with the same columns. */
export function sameTable(
  pair: TableOnBothSides,
): pair is TableOnBothSides & { production: Table; target: Table } {
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

/**
 * Adds the next piece of a table to its sums. Where a row lies differs between the sides, but the sums over all rows do not:
 * the digest adds up 60 bits of each row's MD5, so the order does not matter, and the same row has the same text on PostgreSQL 15 to 18.
 */
export async function sumBlocks(
  session: Session,
  table: Table,
  { block, rows, digest }: SideProgress,
  by: 'counts' | 'checksums',
): Promise<SideProgress> {
  if (block >= table.blocks) return { block, rows, digest };
  const end = block + blocksAtOnce;
  const row = `ROW(${table.columns.map((column) => `t.${identifier(column)}`).join(', ')})::text`;
  const sum = `coalesce(sum(('x' || substr(md5(${row}), 1, 15))::bit(60)::bigint), 0)::text`;
  const { rows: found } = await session.query<{ rows: string; digest: string }>(
    `SELECT count(*)::text AS rows, ${by === 'checksums' ? sum : "'0'"} AS digest FROM ONLY ${table.quoted} t
      WHERE t.ctid >= '(${block},0)'::tid AND t.ctid < '(${end},0)'::tid`,
  );
  const [piece] = found;
  if (!piece) throw new TypeError('a count has one row');
  return { block: end, rows: add(rows, piece.rows), digest: add(digest, piece.digest) };
}

function add(a: string, b: string): string {
  return String(BigInt(a) + BigInt(b));
}
