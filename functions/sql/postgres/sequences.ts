import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { requireClosed } from './closed.ts';
import { ownSchema } from './names.ts';
import { literal } from './quoting.ts';
import { type Server, type Session, withKeptSession } from './session.ts';
import { requireUndisturbed } from './undisturbed.ts';

interface Position {
  /** Quoted, with its schema. */
  sequence: string;
  last_value: string;
  is_called: boolean;
}

/**
 * One statement is about so many. PostgreSQL up to 15 plans a union in the square of its parts, the stack of a later one is too small for
 * 10,000 of them, and each takes a lock until its transaction ends, of which a server has some thousands.
 */
const atOnce = 100;

/** From the fenced side, which moves no more. Values are never derived from keys: some sequences belong to no table. */
export async function setSequences(input: Input<'set-sequences'>): Promise<Answer<'set-sequences'>> {
  const production = { ...input.production, login: input.login };
  const target = { ...input.target, login: input.login };
  const found = await sideBySide(input.databases, (database) => setInDatabase(production, target, database));
  return {
    set: found.reduce((sum, { set }) => sum + set, 0),
    differing: firstNames(found.flatMap(({ differing }) => differing)),
  };
}

/**
 * Only a sequence that differs is set and read again: most have not moved since the cut, and nobody can write meanwhile. One statement a side shows those
 * that were called and stand at the same value; the others are read one by one.
 */
async function setInDatabase(
  production: Server,
  target: Server,
  database: string,
): Promise<{ set: number; differing: string[] }> {
  return withKeptSession(target, database, (session) =>
    withKeptSession(production, database, async (fenced) => {
      await requireClosed(fenced, production, database);
      await requireUndisturbed(fenced, database);
      const [here, there] = await Promise.all([listSequences(fenced), listSequences(session)]);
      const open = [...here].filter(([name, last]) => last === null || there.get(name) !== last);
      const names = open.map(([name]) => name);
      const present = names.filter((name) => there.has(name));
      const lacking = names.filter((name) => !there.has(name));
      const [wanted, found] = await Promise.all([
        readPositions(fenced, present),
        readPositions(session, present),
      ]);
      const moved = differences(wanted, found);
      for (const piece of inPieces(moved)) await moveTo(session, piece);
      const set = await readPositions(
        session,
        moved.map(({ sequence }) => sequence),
      );
      const differing = [...lacking, ...differences(moved, set).map(({ sequence }) => sequence)];
      return { set: here.size, differing: differing.map((sequence) => `${database}: ${sequence}`) };
    }),
  );
}

/** All sequences but our own by their names, quoted, with their schemas; each with its last value, null where the view does not show one. */
async function listSequences(session: Session): Promise<Map<string, string | null>> {
  const { rows } = await session.query<{ name: string; last: string | null }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last FROM pg_sequences WHERE schemaname <> $1
      ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`,
    [ownSchema],
  );
  return new Map(rows.map(({ name, last }) => [name, last]));
}

/** The values are read from each sequence itself: `pg_sequences` hides the value of one that was set but not yet called. */
async function readPositions(session: Session, sequences: string[]): Promise<Position[]> {
  const positions: Position[] = [];
  for (const piece of inPieces(sequences)) {
    const reads = piece.map(
      (name) => `SELECT ${literal(name)} AS sequence, last_value::text, is_called FROM ${name}`,
    );
    positions.push(...(await session.query<Position>(reads.join(' UNION ALL '))).rows);
  }
  return positions;
}

function inPieces<Item>(items: Item[]): Item[][] {
  const count = Math.ceil(items.length / atOnce);
  return Array.from({ length: count }, (_, piece) => items.slice(piece * atOnce, (piece + 1) * atOnce));
}

async function moveTo(session: Session, positions: Position[]): Promise<void> {
  await session.query(
    `SELECT setval(to_regclass(s.sequence), s.last_value::bigint, s.is_called)
       FROM json_to_recordset($1) AS s(sequence text, last_value text, is_called boolean)
      WHERE to_regclass(s.sequence) IS NOT NULL`,
    [JSON.stringify(positions)],
  );
}

/** Those of the wanted positions that were not found so. */
function differences(wanted: Position[], found: Position[]): Position[] {
  const there = new Map(found.map((position) => [position.sequence, JSON.stringify(position)]));
  return wanted.filter((position) => there.get(position.sequence) !== JSON.stringify(position));
}
