import { Refused } from '../refused.ts';
import { slotName } from './names.ts';
import type { Session } from './session.ts';

/** Where the slot of this database stands; undefined when there is none. Rejects when it cannot be ours, is lost, or is still being made. */
export async function readSlot(
  session: Session,
  database: string,
  asked: string,
): Promise<string | undefined> {
  const name = slotName(database);
  const { rows } = await session.query<{ start: string | null; fits: boolean; late: boolean; lost: boolean }>(
    `SELECT confirmed_flush_lsn::text AS start, plugin = 'pgoutput' AND database = current_database() AS fits,
            confirmed_flush_lsn >= $2::pg_lsn AS late, wal_status = 'lost' AS lost
       FROM pg_replication_slots WHERE slot_name = $1`,
    [name, asked],
  );
  const [slot] = rows;
  if (!slot) return undefined;
  // One that is lost while it is made is not made any more.
  if (slot.lost) throw new Refused('not-secured', `slot ${name} has lost the log that it needs`);
  // A function that has died leaves a session that goes on making it, or gives up in time.
  if (slot.fits && slot.start === null) {
    throw new Refused('writers', `slot ${name} is still being made, which waits for open transactions`);
  }
  // An earlier slot would send back what new production itself was sent before the cut.
  if (!slot.fits || !slot.late || slot.start === null) {
    throw new Refused('foreign', `slot ${name} stands before ${asked}, so it was not made for this way back`);
  }
  return slot.start;
}

/** The same, and rejects when there is none. */
export async function requireSlot(session: Session, database: string, asked: string): Promise<string> {
  const start = await readSlot(session, database, asked);
  if (start === undefined) throw new Refused('not-secured', `slot ${slotName(database)} is gone`);
  return start;
}

/** Makes the slot. It waits for every transaction that is writing at that moment, within the session's limit. */
export async function makeSlot(session: Session, database: string): Promise<void> {
  await session.query('SELECT viridian.make_slot($1)', [slotName(database)]);
}
