import type { DrainedDatabase } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { slotName } from './names.ts';
import { type Session, withKeptSession } from './session.ts';

/** What the target has confirmed as durable. Neither a lag of zero nor what was sent proves that. */
export async function drained(input: Input<'drained'>): Promise<Answer<'drained'>> {
  const databases = await sideBySide(Object.entries(input.positions), ([database, position]) =>
    withKeptSession(input, database, (session) => readConfirmed(session, database, position)),
  );
  return { databases };
}

async function readConfirmed(session: Session, database: string, position: string): Promise<DrainedDatabase> {
  const { rows } = await session.query<{ confirmed: string; drained: boolean }>(
    `SELECT confirmed_flush_lsn::text AS confirmed, coalesce(confirmed_flush_lsn >= $2::pg_lsn, false) AS drained
       FROM pg_replication_slots WHERE slot_name = $1`,
    [slotName(database), position],
  );
  return { database, position, ...(rows[0] ?? { confirmed: null, drained: false }) };
}
