import pg from 'pg';
import { realClock } from '../real-clock.ts';
import { APP_DATABASE, APP_ROLE, type Database, ownerConnection, withSession } from './database.ts';
import type { Link } from './link.ts';
import { WORKLOAD_SCHEMA } from './workload-schema.ts';

/** Something that was broken on purpose, and its cure. */
export interface Fault {
  heal(): Promise<void>;
}

/**
 * Breaks replication as a stray write on green does: a row with a key that blue is going to use. Apply fails when blue's
 * next but one write to the audit log arrives, and goes on by itself once the row is gone.
 */
export async function breakReplication({ blue, green }: Link): Promise<Fault> {
  const table = `${WORKLOAD_SCHEMA}.audit_log`;
  const { rows } = await blue.sql.query<{ key: string }>(
    `SELECT (last_value + 2)::text AS key FROM ${table}_id_seq`,
  );
  const key = rows[0]?.key;
  // The next keys as well: while writers are running, the sequence has moved on before the row is there.
  await green.sql.query(
    `INSERT INTO ${table} (id, writer, n, order_id) SELECT $1::bigint + i, -1, i, -1 FROM generate_series(0, 200) AS i
       ON CONFLICT DO NOTHING`,
    [key],
  );
  return {
    async heal() {
      await green.sql.query(`DELETE FROM ${table} WHERE writer = -1`);
    },
  };
}

/** An application that leaves a transaction open in which it has written. Healing rolls it back. */
export async function openLongTransaction(port: number): Promise<Fault & { commit(): Promise<void> }> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: APP_ROLE, database: APP_DATABASE });
  client.on('error', () => {});
  await client.connect();
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO ${WORKLOAD_SCHEMA}.history (account_id, amount, note) VALUES (1, 0, 'left open')`,
  );
  return {
    heal: () => client.end(),
    async commit() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** How long the job holds its lock, and rests from it. Real milliseconds: every write waits a third of a second on the average. */
const lockHeldMs = 600;
const lockFreeMs = 30;

/**
 * A job of the application that locks a table again and again, as a report does that was written for another version: reads go on, and
 * every write waits for it. It ends with its session, and is not started again.
 */
export async function lockAgainAndAgain(port: number): Promise<Fault> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: APP_ROLE, database: APP_DATABASE });
  client.on('error', () => {});
  await client.connect();
  let healed = false;
  const working = (async () => {
    while (!healed) {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${WORKLOAD_SCHEMA}.orders IN SHARE MODE`);
      await realClock.sleep(lockHeldMs);
      await client.query('COMMIT');
      await realClock.sleep(lockFreeMs);
    }
    // The database is fenced or gone: so is the job.
  })().catch(() => {});
  return {
    async heal() {
      healed = true;
      await working;
      await client.end().catch(() => {});
    },
  };
}

/** A transaction that was prepared for two-phase commit and forgotten: a guardrail refuses the switchover for it. */
export async function leavePreparedTransaction({ server, sql }: Database): Promise<Fault> {
  await withSession(ownerConnection(server, APP_DATABASE), (client) =>
    client.query(`
      BEGIN;
      UPDATE ${WORKLOAD_SCHEMA}.accounts SET changed_at = now() WHERE id = 0;
      PREPARE TRANSACTION 'forgotten';`),
  );
  return {
    async heal() {
      await sql.query("ROLLBACK PREPARED 'forgotten'");
    },
  };
}
