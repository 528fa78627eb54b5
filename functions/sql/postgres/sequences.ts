import type { Answer, Input } from '../contract.ts';
import { requireClosed } from './closed.ts';
import { ownSchema } from './names.ts';
import { literal } from './quoting.ts';
import { type Session, withKeptSession } from './session.ts';
import { requireUndisturbed } from './undisturbed.ts';

interface Position {
  /** Quoted, with its schema. */
  sequence: string;
  last_value: string;
  is_called: boolean;
}

/** From the fenced side, which moves no more. Values are never derived from keys: some sequences belong to no table. */
export async function setSequences(input: Input<'set-sequences'>): Promise<Answer<'set-sequences'>> {
  const production = { ...input.production, login: input.login };
  const target = { ...input.target, login: input.login };
  const answer = { set: 0, differing: [] as string[] };
  for (const database of input.databases) {
    const wanted = await withKeptSession(production, database, async (session) => {
      await requireClosed(session, production, database);
      await requireUndisturbed(session, database);
      return readPositions(session);
    });
    const found = await withKeptSession(target, database, async (session) => {
      await moveTo(session, wanted);
      return readPositions(session);
    });
    answer.set += wanted.length;
    answer.differing.push(...differences(wanted, found).map((sequence) => `${database}: ${sequence}`));
  }
  return answer;
}

/** The values are read from each sequence itself: `pg_sequences` hides the value of one that was set but not yet called. */
async function readPositions(session: Session): Promise<Position[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname <> $1
      ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`,
    [ownSchema],
  );
  if (rows.length === 0) return [];
  const reads = rows.map(
    ({ name }) => `SELECT ${literal(name)} AS sequence, last_value::text, is_called FROM ${name}`,
  );
  return (await session.query<Position>(reads.join(' UNION ALL '))).rows;
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
