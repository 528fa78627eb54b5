import type { Finding } from '../model/deployment.ts';
import type { ChangeCounts } from './facts.ts';

/** Rows that green took in before RDS put the switchover back. */
export interface TakenIn {
  /** Row changes by database, those with none left out; null: not known. */
  rows: ChangeCounts | null;
}

/**
 * What was counted since an earlier count. Null where that is not known: a stream changes rows as well, a server that restarted counts from nothing,
 * and positions of a binary log count no rows.
 */
export function subtractCounts(
  now: ChangeCounts | null | undefined,
  before: ChangeCounts | undefined,
): ChangeCounts | null {
  if (!now || !before) return null;
  const rows: ChangeCounts = {};
  for (const [database, earlier] of Object.entries(before)) {
    const later = String(now[database]);
    if (later === earlier) continue;
    if (![later, earlier].every((count) => /^\d+$/.test(count))) return null;
    const taken = BigInt(later) - BigInt(earlier);
    if (taken < 0n) return null;
    rows[database] = String(taken);
  }
  return rows;
}

/** Whether rows may stand on green that no other server has. */
export function mayHoldRows(takenIn: TakenIn | undefined): boolean {
  return takenIn !== undefined && (takenIn.rows === null || Object.keys(takenIn.rows).length > 0);
}

/** What is on green alone, for the outcome. */
export function warnOfTakenIn(takenIn: TakenIn | undefined): Finding[] {
  if (!takenIn) return [];
  const opening = 'RDS put the switchover back after new production had proved that it takes writes';
  return [{ rule: 'rows-on-green', severity: 'warning', message: `${opening}; ${describeRows(takenIn)}` }];
}

function describeRows({ rows }: TakenIn): string {
  if (rows === null) return 'how many rows were written there meanwhile could not be counted';
  const counts = Object.entries(rows).map(([database, count]) => `${count} in database ${database}`);
  return counts.length === 0
    ? 'no row was written there meanwhile'
    : `row changes made there meanwhile, which stand on no other server: ${counts.join(', ')}`;
}
