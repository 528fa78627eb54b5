import { limits } from '../../domain/model/limits.ts';
import {
  type CompareCursor,
  type CompareProgress,
  listLimit,
  type SideProgress,
  type TableComparison,
} from '../../domain/way-back/facts.ts';
import type { Answer, Input, Place } from '../contract.ts';
import { type Session, withKeptSession } from './session.ts';
import {
  groupTables,
  isSameTable,
  type SameTable,
  startOfSide,
  sumBlocks,
  type TableOnBothSides,
} from './table-sums.ts';
import { readTables, type Table } from './tables.ts';

/** Where a step stops: the time is up, or the database is done. */
interface Step {
  by: 'counts' | 'checksums';
  database: string;
  production: Session;
  target: Session;
  /** Asked before each piece. The first one is always read, so that every step comes forward. */
  isOver(): boolean;
}

/** Milliseconds. */
const pieceLimit = 1_000 * limits.sql.piece;

/** One step. Both sides of a table are read in pieces, many small tables in one, and only their sums are kept from step to step. */
export async function compare(input: Input<'compare'>): Promise<Answer<'compare'>> {
  let progress: CompareProgress = input.progress ?? { tables: 0, differing: 0, examples: [], done: false };
  const from = input.databases.indexOf(progress.cursor?.database ?? '');
  const isOver = stopAfter(input.withinSeconds);
  for (const database of input.databases.slice(Math.max(0, from))) {
    await withBothSides(input, database, async (production, target) => {
      progress = await compareDatabase({ by: input.by, database, production, target, isOver }, progress);
    });
    if (progress.cursor) return progress;
  }
  return { ...progress, done: true };
}

/** By the clock of this machine, which goes on whatever the run's clock does: what is bounded is the work of this invocation. */
function stopAfter(seconds: number): () => boolean {
  const until = performance.now() + 1_000 * seconds;
  let pieces = 0;
  return () => {
    pieces += 1;
    return pieces > 1 && performance.now() >= until;
  };
}

function withBothSides(
  { login, ...places }: Input<'compare'>,
  database: string,
  work: (production: Session, target: Session) => Promise<void>,
): Promise<void> {
  const open = (place: Place, inside: (session: Session) => Promise<void>) =>
    withKeptSession({ ...place, login }, database, inside, pieceLimit);
  return open(places.production, (production) => open(places.target, (target) => work(production, target)));
}

async function compareDatabase(step: Step, before: CompareProgress): Promise<CompareProgress> {
  const { cursor, ...progress } = before;
  const pairs = await readPairs(step);
  const from = pairs.findIndex((pair) => pair.name === cursor?.table);
  let started = from < 0 ? undefined : cursor;
  for (const group of groupTables(pairs.slice(Math.max(0, from)))) {
    const read = await readGroup(step, group, started);
    started = undefined;
    if (!Array.isArray(read)) return { ...progress, cursor: read };
    const differing = read.filter(({ equal }) => !equal);
    progress.tables += read.length;
    progress.differing += differing.length;
    progress.examples = [...progress.examples, ...differing].slice(0, listLimit);
  }
  return progress;
}

/**
 * The comparison of each table, or where to go on.
 * @param started how far the first table was read before; only a table that is a group of its own is read in several pieces
 */
async function readGroup(
  step: Step,
  group: TableOnBothSides[],
  started: CompareCursor | undefined,
): Promise<TableComparison[] | CompareCursor> {
  const same = group.filter(isSameTable);
  let sides = same.map(() => ({
    production: started?.production ?? startOfSide,
    target: started?.target ?? startOfSide,
  }));
  const isOpen = () =>
    same.some(({ production, target }, index) => {
      const side = sides[index] as Sides;
      return side.production.block < production.blocks || side.target.block < target.blocks;
    });
  while (isOpen()) {
    // Of several tables none was read yet: one statement reads them to their ends.
    if (step.isOver()) {
      return { database: step.database, table: group[0]?.name ?? '', ...(sides[0] as Sides) };
    }
    sides = await readOn(step, same, sides);
  }
  return group.map((pair) => {
    const index = same.indexOf(pair as SameTable);
    return compareSums(step, pair.name, sides[index]);
  });
}

type Sides = Record<'production' | 'target', SideProgress>;

async function readOn({ by, ...sessions }: Step, same: SameTable[], sides: Sides[]): Promise<Sides[]> {
  const read = (side: keyof Sides) =>
    sumBlocks(
      sessions[side],
      same.map((pair, index) => ({ table: pair[side], from: (sides[index] as Sides)[side] })),
      by,
    );
  const [production, target] = await Promise.all([read('production'), read('target')]);
  return same.map((_pair, index) => ({
    production: production[index] as SideProgress,
    target: target[index] as SideProgress,
  }));
}

/** @param sides undefined: the table is not the same on both sides */
function compareSums({ by, database }: Step, table: string, sides: Sides | undefined): TableComparison {
  if (!sides) return { database, table, ...unreadable, equal: false };
  const { production: here, target: there } = sides;
  const digest = (side: SideProgress) => (by === 'checksums' ? side.digest : null);
  return {
    database,
    table,
    rows: { production: here.rows, target: there.rows },
    digest: { production: digest(here), target: digest(there) },
    equal: here.rows === there.rows && digest(here) === digest(there),
  };
}

/** A table that one side lacks, or whose columns differ, cannot be compared: that is not equal. */
const unreadable = { rows: { production: null, target: null }, digest: { production: null, target: null } };

async function readPairs({ production, target }: Step): Promise<TableOnBothSides[]> {
  const [here, there] = await Promise.all([readTables(production), readTables(target)]);
  const byName = (tables: Table[]) => new Map(tables.map((table) => [table.quoted, table]));
  const [ours, theirs] = [byName(here), byName(there)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.map((name) => ({ name, production: ours.get(name), target: theirs.get(name) }));
}
