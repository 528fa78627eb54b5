import {
  type CompareCursor,
  type CompareProgress,
  listLimit,
  type SideProgress,
  type TableComparison,
} from '../../domain/way-back/facts.ts';
import type { Answer, Input, Place } from '../contract.ts';
import { serverTime } from './clock.ts';
import { type Session, withKeptSession } from './session.ts';
import { sameTable, startOfSide, sumBlocks, type TableOnBothSides } from './table-sums.ts';
import { readTables, type Table } from './tables.ts';

/** Where a step stops: the time is up, or the database is done. */
interface Step {
  by: 'counts' | 'checksums';
  database: string;
  production: Session;
  target: Session;
  /** Asked before each piece. The first one is always read, so that every step comes forward. */
  isOver(): Promise<boolean>;
}

/** Milliseconds. A piece takes under a second, but rows may be kept out of line, and storage may be loaded lazily. */
const pieceLimit = 30_000;

/** One step. Both sides of a table are read in pieces, and only their sums are kept from step to step. */
export async function compare(input: Input<'compare'>): Promise<Answer<'compare'>> {
  let progress: CompareProgress = input.progress ?? { tables: 0, differing: 0, examples: [], done: false };
  const from = input.databases.indexOf(progress.cursor?.database ?? '');
  let until: number | undefined;
  let pieces = 0;
  for (const database of input.databases.slice(Math.max(0, from))) {
    const work = async (production: Session, target: Session) => {
      until ??= (await serverTime(production)) + input.withinSeconds;
      const deadline = until;
      const isOver = async () => {
        pieces += 1;
        return pieces > 1 && (await serverTime(production)) >= deadline;
      };
      progress = await compareDatabase({ by: input.by, database, production, target, isOver }, progress);
    };
    await withBothSides(input, database, work);
    if (progress.cursor) return progress;
  }
  return { ...progress, done: true };
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
  for (const [index, pair] of pairs.slice(Math.max(0, from)).entries()) {
    const started = index === 0 && from >= 0 ? cursor : undefined;
    const read = await readPair(step, pair, started);
    if (!('equal' in read)) return { ...progress, cursor: read };
    progress.tables += 1;
    if (read.equal) continue;
    progress.differing += 1;
    progress.examples = [...progress.examples, read].slice(0, listLimit);
  }
  return progress;
}

/** The comparison of a table, or where to go on with it. */
async function readPair(
  { by, database, production, target, isOver }: Step,
  pair: TableOnBothSides,
  started: CompareCursor | undefined,
): Promise<TableComparison | CompareCursor> {
  const place = { database, table: pair.name };
  if (!sameTable(pair)) return { ...place, ...unreadable, equal: false };
  let here: SideProgress = started?.production ?? startOfSide;
  let there: SideProgress = started?.target ?? startOfSide;
  while (here.block < pair.production.blocks || there.block < pair.target.blocks) {
    if (await isOver()) return { ...place, production: here, target: there };
    [here, there] = await Promise.all([
      sumBlocks(production, pair.production, here, by),
      sumBlocks(target, pair.target, there, by),
    ]);
  }
  const digest = (side: SideProgress) => (by === 'checksums' ? side.digest : null);
  return {
    ...place,
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
