import { createHash } from 'node:crypto';
import { type Client, type ClientConfig, escapeLiteral } from 'pg';
import { type IsLate, realClock } from '../real-clock.ts';
import { type Database, ownerConnection, serviceConnection, withSession } from './database.ts';
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
  return { blue, green, name: nameOf(deployment) };
}

export function nameOf(deployment: string): string {
  return `rds_bluegreen_${createHash('sha256').update(deployment).digest('hex').slice(0, 12)}`;
}

/**
 * The link of each database of the servers, the application's first: logical replication is a matter of one database. Both sides
 * have the same others in the same order.
 */
export function linksOf({ blue, green, name }: Link): Link[] {
  const others = blue.others.flatMap((other, index) => {
    const there = green.others[index];
    return there ? [{ blue: other, green: there, name: `${name}_${index + 1}` }] : [];
  });
  return [{ blue, green, name }, ...others];
}

/** The same of blue alone, which may be all that is left. */
function publishersOf({ blue, name }: Pick<Link, 'blue' | 'name'>): Pick<Link, 'blue' | 'name'>[] {
  return [
    { blue, name },
    ...blue.others.map((other, index) => ({ blue: other, name: `${name}_${index + 1}` })),
  ];
}

/** Publishes blue: what is written from now on can be replicated as soon as there is a slot. */
export async function publish(link: Pick<Link, 'blue' | 'name'>): Promise<void> {
  for (const { blue, name } of publishersOf(link))
    await withSession(serviceConnection(blue), (client) =>
      client.query(`CREATE PUBLICATION ${name} FOR ALL TABLES`),
    );
}

/**
 * Makes the slot of one database within a limit, as it waits for every transaction that is writing at that moment, and lets `work` see
 * the rows exactly as they are where the slot begins.
 *
 * @param work gets the name of a snapshot; sessions that adopt it read nothing that the slot will send
 */
export async function createSlot(
  { blue, name }: Pick<Link, 'blue' | 'name'>,
  withinMs: number,
  work: (snapshot: string) => Promise<void> = async () => {},
): Promise<void> {
  const connection = { ...ownerConnection(blue.server, blue.name), replication: 'database' };
  await withSession(connection as ReplicationConfig, async (client) =>
    work(await askForSlot(client, { blue, name }, withinMs)),
  );
}

/** The driver speaks the protocol of replication, and its types do not say so. */
type ReplicationConfig = ClientConfig & { replication: 'database' };

/** A server keeps no limit of time for commands of replication, so the command is cancelled. The snapshot is good until the session's next one. */
async function askForSlot(
  client: Client,
  { blue, name }: Pick<Link, 'blue' | 'name'>,
  withinMs: number,
): Promise<string> {
  const { processID } = client as Client & { processID: number };
  const limit = setTimeout(
    () => void blue.sql.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => {}),
    withinMs,
  );
  try {
    const { rows } = await client.query(`CREATE_REPLICATION_SLOT ${name} LOGICAL pgoutput EXPORT_SNAPSHOT`);
    return rows[0]?.snapshot_name ?? '';
  } catch (failure) {
    if ((failure as { code?: string }).code !== QUERY_CANCELED) throw failure;
    throw new Error(
      `a replication slot could not be made on blue in ${withinMs / 1000} s: a transaction that writes was open all the time. End it and build again.`,
      { cause: failure },
    );
  } finally {
    clearTimeout(limit);
  }
}

/** From this major on rows are applied with the rights of their table's owner, unless the subscription says otherwise. */
const APPLIES_AS_OWNER = 16;

/**
 * Subscribes green, that has the rows of blue already, from where the slot begins, or from `position` where its copy was taken later.
 *
 * Green applies with asynchronous commits, one disk flush for many of them. With synchronous ones apply is bound by the
 * disk, one flush a transaction, while blue's writers share theirs: on a busy disk green falls behind without end,
 * and a drain took up to 3 s instead of 10 to 20 ms. What green confirms is flushed in either case; how soon, is set by
 * the server's `wal_writer_delay`. It applies with the rights of the service, which row security does not bind.
 */
export async function subscribe({ blue, green, name }: Link, position?: string): Promise<void> {
  const database = blue.name.replaceAll(/[\\']/g, '\\$&');
  const source = `host=127.0.0.1 port=${blue.server.port} user=${OWNER} dbname='${database}'`;
  const options = [
    'create_slot = false',
    `slot_name = '${name}'`,
    'copy_data = false',
    'enabled = false',
    ...(green.server.binaries.major >= APPLIES_AS_OWNER ? ['run_as_owner = true'] : []),
  ];
  await withSession(serviceConnection(green), async (client) => {
    await client.query(
      `CREATE SUBSCRIPTION ${name} CONNECTION ${escapeLiteral(source)} PUBLICATION ${name} WITH (${options.join(', ')})`,
    );
    if (position !== undefined)
      await client.query(
        "SELECT pg_replication_origin_advance('pg_' || oid, $2::pg_lsn) FROM pg_subscription WHERE subname = $1",
        [name, position],
      );
    await client.query(`ALTER SUBSCRIPTION ${name} ENABLE`);
  });
}

/** Takes green's side apart. May be repeated. The slot is left to {@link clearBlue}, as blue may be gone. */
export async function clearGreen(link: Link): Promise<void> {
  for (const { green, name } of linksOf(link))
    await withSession(serviceConnection(green), async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_subscription WHERE subname = $1', [name]);
      if (rowCount === 0) return;
      await client.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
      await client.query(`ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`);
      await client.query(`DROP SUBSCRIPTION ${name}`);
    });
}

/** Leaves nothing of ours on blue: neither the publication nor the slot. May be repeated. */
export async function clearBlue(link: Pick<Link, 'blue' | 'name'>): Promise<void> {
  for (const { blue, name } of publishersOf(link)) {
    await withSession(serviceConnection(blue), (client) =>
      client.query(`DROP PUBLICATION IF EXISTS ${name}`),
    );
    await blue.sql.query(
      'SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL',
      [name],
    );
    await blue.sql.query(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
      [name],
    );
  }
}

/**
 * Proves that everything committed on blue until now is durable on green: writes a marker into blue's log (a commit of
 * our own, so everything before it is flushed) and waits until the slot confirms that position.
 * A lag of zero is no such proof, and neither is the position that the sender has reached.
 *
 * @param stillFine is asked now and then, and rejects when waiting longer is useless.
 */
export async function drain(
  link: Pick<Link, 'blue' | 'name'>,
  isLate: IsLate,
  stillFine?: () => Promise<void>,
): Promise<void> {
  await Promise.all(publishersOf(link).map((one) => drainOne(one, isLate, stillFine)));
}

async function drainOne(
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
