import { Refused } from '../refused.ts';
import { countChanges } from './changes.ts';
import { readFenceNote } from './closed.ts';
import { codeOf, during } from './failure.ts';
import { ownSchema, slotName } from './names.ts';
import type { Session } from './session.ts';

/**
 * Rejects when anybody but us has changed a row of a fenced database since its last changes were handed on: such a row stands nowhere
 * else. Both witnesses are asked, where there are any: the counts of changed rows, and the log itself, of which the slot of the way back
 * hands out what was committed after its confirmed position. Where the slot is behind the fence, as after an accepted loss, the log holds
 * changes of before, and the counts alone must do. On a side without a slot of ours, nobody has noted anything.
 */
export async function requireUndisturbed(session: Session, database: string): Promise<void> {
  const note = await readFenceNote(session);
  if (!note) return;
  const { rows } = await session.query<{ reached: boolean }>(
    'SELECT confirmed_flush_lsn >= $2::pg_lsn AS reached FROM pg_replication_slots WHERE slot_name = $1',
    [slotName(database), note.position],
  );
  const [slot] = rows;
  if (!slot) return;
  const foreign = slot.reached ? await readForeignChanges(session, database) : [];
  if (foreign.length > 0) refuse(database, `tables that were changed: ${foreign.join(', ')}`);
  if (await hasCountedMore(session, note.changes)) refuse(database, 'its server has counted changed rows');
}

function refuse(database: string, because: string): never {
  throw new Refused(
    'application-write',
    `database ${database} was written to behind its fence; ${because}. Those rows stand on no other server`,
  );
}

/** A restart or failover sets the counts back; then they prove nothing. */
async function hasCountedMore(session: Session, before: string | null): Promise<boolean> {
  const now = await countChanges(session);
  return before !== null && now !== null && BigInt(now) > BigInt(before);
}

/** How often and how long a slot is waited for that its sender still uses: it ends a moment after the subscription was dropped. */
const looks = 100;

/** Tables, without ours, that the log names after what the slot has confirmed. The log is only looked at: nothing is consumed. */
async function readForeignChanges(session: Session, database: string): Promise<string[]> {
  for (let look = 1; ; look += 1) {
    try {
      return await during(`reading the log of database ${database}`, () => peek(session, database));
    } catch (error) {
      if (codeOf(error) !== '55006' || look === looks) throw error;
      await session.query('SELECT pg_sleep(0.02)');
    }
  }
}

async function peek(session: Session, database: string): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT name FROM ${ownSchema}.changed_tables($1) AS t (name)`,
    [slotName(database)],
  );
  return rows.map(({ name }) => name);
}
