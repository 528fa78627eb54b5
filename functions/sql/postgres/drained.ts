import type { DrainedDatabase } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { slotName } from './names.ts';
import { withKeptSession } from './session.ts';

/** What the target has confirmed as durable. Neither a lag of zero nor what was sent proves that. */
export async function drained(input: Input<'drained'>): Promise<Answer<'drained'>> {
  const databases: DrainedDatabase[] = [];
  for (const [database, position] of Object.entries(input.positions)) {
    const slot = await withKeptSession(input, database, async (session) => {
      const { rows } = await session.query<{ confirmed: string; drained: boolean }>(
        `SELECT confirmed_flush_lsn::text AS confirmed, coalesce(confirmed_flush_lsn >= $2::pg_lsn, false) AS drained
           FROM pg_replication_slots WHERE slot_name = $1`,
        [slotName(database), position],
      );
      return rows[0];
    });
    databases.push({ database, position, ...(slot ?? { confirmed: null, drained: false }) });
  }
  return { databases };
}
