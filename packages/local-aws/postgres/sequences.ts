import { escapeLiteral } from 'pg';
import { inBatches } from './batches.ts';
import { type Database, partsOf } from './database.ts';

interface Position {
  sequence: string;
  last_value: string;
  is_called: boolean;
}

/**
 * Where every sequence stands. The names come from `pg_sequences`; the values are read from each sequence itself,
 * because the view hides the value of one that was set but not yet called.
 */
async function readPositions(database: Database): Promise<Position[]> {
  const { rows } = await database.sql.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences ORDER BY 1",
  );
  const positions: Position[] = [];
  for (const batch of inBatches(rows)) {
    const reads = batch.map(
      ({ name }) => `SELECT ${escapeLiteral(name)} AS sequence, last_value::text, is_called FROM ${name}`,
    );
    positions.push(...(await database.sql.query<Position>(reads.join(' UNION ALL '))).rows);
  }
  return positions;
}

/** A sequence and where it was set. */
export interface MovedSequence {
  name: string;
  value: string;
  /** Whether the other side answered the same value. */
  equal: boolean;
}

/**
 * Sets every sequence of `to` to exactly where it stands on `from`; logical replication leaves them behind. Values
 * are never derived from the highest key: a sequence may stand further, and some belong to no table.
 */
export async function copySequences(from: Database, to: Database): Promise<MovedSequence[]> {
  const others = partsOf(to);
  const moved = partsOf(from).map((part, index) => copyWithin(part, others[index] ?? to));
  return (await Promise.all(moved)).flat();
}

async function copyWithin(from: Database, to: Database): Promise<MovedSequence[]> {
  const positions = await readPositions(from);
  const answers = new Map<string, string>();
  for (const batch of inBatches(positions)) {
    const { rows } = await to.sql.query<{ sequence: string; value: string }>(
      `SELECT s.sequence, setval(s.sequence::regclass, s.last_value::bigint, s.is_called)::text AS value
         FROM json_to_recordset($1) AS s(sequence text, last_value text, is_called boolean)`,
      [JSON.stringify(batch)],
    );
    for (const { sequence, value } of rows) answers.set(sequence, value);
  }
  return positions.map(({ sequence: name, last_value: value }) => ({
    name,
    value,
    equal: answers.get(name) === value,
  }));
}
