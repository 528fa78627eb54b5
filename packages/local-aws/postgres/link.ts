import { createHash } from 'node:crypto';
import { APP_DATABASE, type Database, ownerConnection, withSession } from './database.ts';
import { type IsLate, realClock } from './real-clock.ts';
import { OWNER } from './server/server.ts';

/** SQLSTATE query_canceled: here, the limit of time has passed. */
const QUERY_CANCELED = '57014';

/** Logical replication from blue to green. One name serves as publication, slot and subscription. */
export interface Link {
  blue: Database;
  green: Database;
  /** Begins like the names that RDS gives, so that whoever looks for foreign replication leaves it out. */
  name: string;
}

export function linkOf(deployment: string, blue: Database, green: Database): Link {
  const digest = createHash('sha256').update(deployment).digest('hex').slice(0, 12);
  return { blue, green, name: `rds_bluegreen_${digest}` };
}

/**
 * Publishes blue and subscribes green, with a copy of the rows that are there. The slot is made first and within a limit,
 * as it waits for every transaction that is writing at that moment.
 *
 * Green applies with asynchronous commits, one disk flush for many of them. With synchronous ones apply is bound by the
 * disk, one flush a transaction, while blue's writers share theirs: on a busy disk green falls behind without end,
 * and a drain took up to 3 s instead of 10 to 20 ms. What green confirms is flushed in either case; how soon, is set by
 * the server's `wal_writer_delay`.
 */
export async function connectLink(link: Link, slotWithinMs: number): Promise<void> {
  const { blue, green, name } = link;
  await blue.sql.query(`CREATE PUBLICATION ${name} FOR ALL TABLES`);
  await createSlot(blue, name, slotWithinMs);
  const source = `host=127.0.0.1 port=${blue.server.port} user=${OWNER} dbname=${APP_DATABASE}`;
  await green.sql.query(
    `CREATE SUBSCRIPTION ${name} CONNECTION '${source}' PUBLICATION ${name}
       WITH (create_slot = false, slot_name = '${name}', copy_data = true)`,
  );
}

async function createSlot(blue: Database, name: string, withinMs: number): Promise<void> {
  await withSession(ownerConnection(blue.server, APP_DATABASE), async (client) => {
    await client.query(`SET statement_timeout = ${Math.ceil(withinMs)}`);
    try {
      await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [name]);
    } catch (failure) {
      if ((failure as { code?: string }).code !== QUERY_CANCELED) throw failure;
      throw new Error(
        `a replication slot could not be made on blue in ${withinMs / 1000} s: a transaction that writes was open all the time. End it and build again.`,
        { cause: failure },
      );
    }
  });
}

/** Takes green's side apart. May be repeated. The slot is left to {@link clearBlue}, as blue may be gone. */
export async function clearGreen({ green, name }: Link): Promise<void> {
  const { rowCount } = await green.sql.query('SELECT FROM pg_subscription WHERE subname = $1', [name]);
  if (rowCount === 0) return;
  await green.sql.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
  await green.sql.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
  await green.sql.query(`DROP SUBSCRIPTION ${name}`);
}

/**
 * Leaves nothing of ours on blue: neither the publication, nor the slot, nor slots of table copies that were cut short.
 * May be repeated.
 */
export async function clearBlue({ blue, name }: Pick<Link, 'blue' | 'name'>): Promise<void> {
  await blue.sql.query(`DROP PUBLICATION IF EXISTS ${name}`);
  const ours = `(slot_name = $1 OR slot_name ~ '^pg_[0-9]+_sync_[0-9]+_') AND database = current_database()`;
  await blue.sql.query(
    `SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE ${ours} AND active_pid IS NOT NULL`,
    [name],
  );
  await blue.sql.query(`SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE ${ours}`, [
    name,
  ]);
}

/**
 * Proves that everything committed on blue until now is durable on green: writes a marker into blue's log (a commit of
 * our own, so everything before it is flushed) and waits until the slot confirms that position.
 * A lag of zero is no such proof, and neither is the position that the sender has reached.
 *
 * @param stillFine is asked now and then, and rejects when waiting longer is useless.
 */
export async function drain(
  { blue, name }: Pick<Link, 'blue' | 'name'>,
  isLate: IsLate,
  stillFine?: () => Promise<void>,
): Promise<void> {
  await blue.sql.query("SELECT pg_logical_emit_message(true, 'local-aws', 'drain')");
  const flushed = await blue.sql.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn() AS lsn');
  const position = flushed.rows[0]?.lsn;
  for (let look = 1; ; look += 1) {
    const { rows } = await blue.sql.query<{ arrived: boolean }>(
      'SELECT confirmed_flush_lsn >= $2::pg_lsn AS arrived FROM pg_replication_slots WHERE slot_name = $1',
      [name, position],
    );
    if (rows[0]?.arrived) return;
    if (isLate()) throw new Error(`green had not confirmed ${position} of blue's log in time`);
    if (look % 100 === 0) await stillFine?.();
    await realClock.sleep(look < 100 ? 1 : 10);
  }
}
