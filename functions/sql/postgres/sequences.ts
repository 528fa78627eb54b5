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

async function setInDatabase(
  production: Server,
  target: Server,
  database: string,
): Promise<{ set: number; differing: string[] }> {
  const wanted = await withKeptSession(production, database, async (session) => {
    await requireClosed(session, production, database);
    await requireUndisturbed(session, database);
    return readPositions(session);
  });
  const found = await withKeptSession(target, database, async (session) => {
    for (const piece of inPieces(wanted)) await moveTo(session, piece);
    return readPositions(session);
  });
  const differing = differences(wanted, found).map((sequence) => `${database}: ${sequence}`);
  return { set: wanted.length, differing };
}

/** The values are read from each sequence itself: `pg_sequences` hides the value of one that was set but not yet called. */
async function readPositions(session: Session): Promise<Position[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname <> $1
      ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`,
    [ownSchema],
  );
  const positions: Position[] = [];
  for (const piece of inPieces(rows)) {
    const reads = piece.map(
      ({ name }) => `SELECT ${literal(name)} AS sequence, last_value::text, is_called FROM ${name}`,
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

function differences(wanted: Position[], found: Position[]): string[] {
  const there = new Map(found.map((position) => [position.sequence, JSON.stringify(position)]));
  return wanted
    .filter((position) => there.get(position.sequence) !== JSON.stringify(position))
    .map(({ sequence }) => sequence);
}
