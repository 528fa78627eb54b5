import type { Answer, Input } from '../contract.ts';
import { withSession } from './session.ts';

/** Slots of this prefix are the service's own (Aurora User Guide, blue/green: "slot_name NOT LIKE 'rds%'" are those of others). */
const ofTheService = 'rds%';

/** A slot of blue that has lost its log cannot be followed any more, whatever is waited for. Any role may read them. */
export async function endedReplication({
  blue,
  login,
}: Input<'ended-replication'>): Promise<Answer<'ended-replication'>> {
  const { rows } = await withSession({ ...blue, login }, 'postgres', (session) =>
    session.query<{ slot: string; because: string | null }>(
      `SELECT slot_name AS slot, to_jsonb(s) ->> 'invalidation_reason' AS because FROM pg_replication_slots s
        WHERE slot_type = 'logical' AND wal_status = 'lost' AND slot_name LIKE $1 ORDER BY 1 LIMIT 1`,
      [ofTheService],
    ),
  );
  const [lost] = rows;
  if (!lost) return { because: null };
  const why = lost.because ? ` (${lost.because})` : '';
  return { because: `the slot ${lost.slot} of blue has lost log that green needs${why}` };
}
