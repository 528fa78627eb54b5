import { limits } from '../../domain/model/limits.ts';
import {
  type CompareProgress,
  listLimit,
  type SideProgress,
  type TableComparison,
} from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { tableName } from './quoting.ts';
import { type Session, withKeptSession } from './session.ts';
import { isRead, startOfSide, sumPiece } from './table-sums.ts';
import { readTables, type Table } from './tables.ts';

/** Milliseconds. */
const pieceLimit = 1_000 * limits.sql.piece;

/** A table on both sides; undefined where one side lacks it. */
interface Pair {
  database: string;
  table: string;
  production: Table | undefined;
  target: Table | undefined;
}

type Sides = Record<'production' | 'target', SideProgress>;

/** One step. Both sides of a table are read in pieces, and only their sums are kept from step to step. */
export function compare(input: Input<'compare'>): Promise<Answer<'compare'>> {
  const { production, target, login } = input;
  return withKeptSession(
    { ...production, login },
    (here) => withKeptSession({ ...target, login }, (there) => step(input, here, there), pieceLimit),
    pieceLimit,
  );
}

async function step(input: Input<'compare'>, here: Session, there: Session): Promise<CompareProgress> {
  const { by, databases, withinSeconds } = input;
  const { cursor, ...progress } = input.progress ?? { tables: 0, differing: 0, examples: [], done: false };
  const until = performance.now() + 1_000 * withinSeconds;
  const pairs = await readPairs(here, there, databases);
  const from = pairs.findIndex(
    ({ database, table }) => database === cursor?.database && table === cursor.table,
  );
  let begun: Sides | undefined = from < 0 ? undefined : cursor;
  // The first piece is always read, so that every step comes forward.
  let pieces = 0;
  for (const pair of pairs.slice(Math.max(0, from))) {
    let sides: Sides = { production: begun?.production ?? startOfSide, target: begun?.target ?? startOfSide };
    begun = undefined;
    const { production, target } = pair;
    const same = production && target && isSame(production, target);
    while (same && !(isRead(sides.production) && isRead(sides.target))) {
      if (pieces > 0 && performance.now() >= until)
        return { ...progress, cursor: { database: pair.database, table: pair.table, ...sides } };
      pieces += 1;
      const read = (session: Session, table: Table, side: SideProgress) =>
        isRead(side) ? Promise.resolve(side) : sumPiece(session, table, side, by);
      const [ours, theirs] = await Promise.all([
        read(here, production, sides.production),
        read(there, target, sides.target),
      ]);
      sides = { production: ours, target: theirs };
    }
    const compared = same ? describe(pair, sides, by) : { ...nameOf(pair), ...unreadable, equal: false };
    progress.tables += 1;
    progress.differing += Number(!compared.equal);
    if (!compared.equal) progress.examples = [...progress.examples, compared].slice(0, listLimit);
  }
  return { ...progress, done: true };
}

/** A table that one side lacks, or whose columns differ, cannot be compared: that is not equal. */
const unreadable = { rows: { production: null, target: null }, digest: { production: null, target: null } };

function describe(pair: Pair, { production, target }: Sides, by: 'counts' | 'checksums'): TableComparison {
  const digest = (side: SideProgress) => (by === 'checksums' ? side.digest : null);
  return {
    ...nameOf(pair),
    rows: { production: production.rows, target: target.rows },
    digest: { production: digest(production), target: digest(target) },
    equal: production.rows === target.rows && digest(production) === digest(target),
  };
}

const nameOf = ({ database, table }: Pair) => ({ database, table });

function isSame(a: Table, b: Table): boolean {
  const names = ({ columns }: Table) => columns.map(({ name }) => name).join('\0');
  return names(a) === names(b);
}

async function readPairs(here: Session, there: Session, databases: string[]): Promise<Pair[]> {
  const [ours, theirs] = await Promise.all([readTables(here, databases), readTables(there, databases)]);
  const byName = (tables: Table[]) => new Map(tables.map((table) => [tableName(table), table]));
  const [production, target] = [byName(ours), byName(theirs)];
  return [...new Set([...production.keys(), ...target.keys()])].sort().map((name) => ({
    database: (production.get(name) ?? target.get(name))?.schema ?? '',
    table: name,
    production: production.get(name),
    target: target.get(name),
  }));
}
