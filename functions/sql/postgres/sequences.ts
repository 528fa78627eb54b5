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

/** Both sides are read at the same time, and only a sequence that differs is set and read again: most have not moved since the cut, and nobody can write meanwhile. */
async function setInDatabase(
  production: Server,
  target: Server,
  database: string,
): Promise<{ set: number; differing: string[] }> {
  return withKeptSession(target, database, async (session) => {
    const [wanted, found] = await Promise.all([
      withKeptSession(production, database, async (fenced) => {
        await requireClosed(fenced, production, database);
        await requireUndisturbed(fenced, database);
        return readPositions(fenced, await listSequences(fenced));
      }),
      listSequences(session).then((names) => readPositions(session, names)),
    ]);
    const there = new Set(found.map(({ sequence }) => sequence));
    const moved = differences(wanted, found);
    const [present, lacking] = [
      moved.filter(({ sequence }) => there.has(sequence)),
      moved.filter(({ sequence }) => !there.has(sequence)),
    ];
    for (const piece of inPieces(present)) await moveTo(session, piece);
    const names = present.map(({ sequence }) => sequence);
    const differing = [...lacking, ...differences(present, await readPositions(session, names))];
    return { set: wanted.length, differing: differing.map(({ sequence }) => `${database}: ${sequence}`) };
  });
}

/** Names of all sequences but our own, quoted, with their schemas. */
async function listSequences(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname <> $1
      ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`,
    [ownSchema],
  );
  return rows.map(({ name }) => name);
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
