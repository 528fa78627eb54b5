import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { makePassword } from '../functions/sql/password.ts';
import { notOurs } from '../functions/sql/postgres/ours.ts';
import { scramVerifier } from '../functions/sql/postgres/scram.ts';
import {
  APP_DATABASE,
  APP_ROLE,
  type Database,
  ownerConnection,
  type Sql,
  withSession,
} from '../packages/local-aws/postgres/database.ts';
import { clearGreen } from '../packages/local-aws/postgres/link.ts';
import { realClock } from '../packages/local-aws/real-clock.ts';
import type { Sequence } from './sequence.ts';

/** Names as the functions give them, so that they attach and close what was made here. */
const slot = 'viridian_way_back_app';
const publication = 'viridian_way_back';

/** A user without rights, who signs in with a password as an application does. */
const stranger = 'viridian_probe';

/**
 * The same safety steps as plain SQL: on sessions that are open beforehand where the functions keep theirs as well, and in new ones where RDS has ended
 * them. A fence by the right to connect, a stranger who is refused, no other writer, a drain that is proved by position, sequences from where they
 * stand. A way back is made before the first write with the same looks around it. Going back, both witnesses of writes behind the fence, the
 * counts of changed rows and the end of the log, are asked twice, and a new session proves that blue is open.
 * Objects of others in our schema are looked for once on each server, as a session of the functions does.
 */
export const bare: Sequence = {
  name: 'bare SQL, same safety steps',
  holds: true,
  async cut(pair) {
    const { blue, green, link } = pair;
    const began = await closeAndProve(blue);
    await Promise.all([drain(blue, link.name), moveSequences(blue, green)]);
    await run(green, `ALTER DATABASE ${APP_DATABASE} RESET default_transaction_read_only`);
    const cutMs = realClock.now() - began;
    // What the local RDS does at the end of its cut, which the clock leaves out there as well.
    await clearGreen(link);
    await run(blue, `ALTER DATABASE ${APP_DATABASE} CONNECTION LIMIT -1`);
    const begunAt = realClock.now();
    await withSession(ownerConnection(green.server, APP_DATABASE), (session) => secure(session, pair.runArn));
    const securedMs = cutMs + realClock.now() - begunAt;
    await pair.lead(pair.greenId);
    return { cutMs, securedMs };
  },
  async back(pair) {
    const { blue, green } = pair;
    await refuseWriters(blue.sql);
    const began = await closeAndProve(green);
    await refuseStranger(green);
    const { rows: counted } = await green.sql.query(changes);
    const requireUntouched = async () => {
      const behind = await green.sql.query('SELECT FROM viridian.changed_tables($1)', [slot]);
      const { rows } = await green.sql.query(changes);
      if (behind.rowCount !== 0 || JSON.stringify(rows) !== JSON.stringify(counted))
        throw new Error('somebody wrote behind the fence');
    };
    await drain(green, slot);
    await refuseWriters(green.sql);
    await requireOurs(blue);
    await run(blue, `ALTER SUBSCRIPTION ${publication} DISABLE`);
    await run(blue, `ALTER SUBSCRIPTION ${publication} SET (slot_name = NONE)`);
    await run(blue, `DROP SUBSCRIPTION ${publication}`);
    await requireUntouched();
    await moveSequences(green, blue);
    await pair.lead('blue');
    await requireKeptOut(green);
    await refuseWriters(green.sql);
    await requireUntouched();
    await run(blue, `ALTER DATABASE ${APP_DATABASE} RESET default_transaction_read_only`);
    await admit(blue);
    await requireWritable(blue);
    const took = realClock.now() - began;
    // Our own role is no superuser, and signs in there once more to clean up.
    await run(green, `ALTER DATABASE ${APP_DATABASE} CONNECTION LIMIT -1`);
    return took;
  },
};

async function run({ sql }: Database, statement: string): Promise<void> {
  await sql.query(statement);
}

/** @returns when the database was fenced */
async function closeAndProve(database: Database): Promise<number> {
  await run(database, `ALTER DATABASE ${APP_DATABASE} SET default_transaction_read_only = on`);
  const fencedAt = realClock.now();
  await requireOurs(database);
  await keepOut(database);
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = '${APP_DATABASE}' AND backend_type = 'client backend' AND usename NOT IN ('rdsadmin', 'viridian')`;
  while ((await database.sql.query(end)).rowCount !== 0) await sleep(1);
  await refuseWriters(database.sql);
  return fencedAt;
}

/** Who needs the right to connect while nobody else has it. */
const ours = 'viridian, viridian_replication';
/** Who had the right to connect to a database before it was fenced. */
const admitted = new Map<Database, string>();

/** A session that overrides the read-only default is kept out by the right to connect alone; what was granted is noted, to be given back. */
async function keepOut(database: Database): Promise<void> {
  const { rows } = await database.sql.query<{ grantees: string }>(
    `SELECT string_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, ', ') AS grantees
       FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
      WHERE datname = '${APP_DATABASE}' AND privilege_type = 'CONNECT' AND grantee::regrole::text NOT IN ('viridian', 'viridian_replication')`,
  );
  const grantees = rows[0]?.grantees ?? 'PUBLIC';
  admitted.set(database, grantees);
  await run(database, `GRANT CONNECT ON DATABASE ${APP_DATABASE} TO ${ours}`);
  await run(database, `REVOKE CONNECT ON DATABASE ${APP_DATABASE} FROM ${grantees}`);
  await requireKeptOut(database);
}

async function requireKeptOut({ sql }: Database): Promise<void> {
  const { rowCount } = await sql.query(
    "SELECT WHERE has_database_privilege($1, current_database(), 'CONNECT')",
    [APP_ROLE],
  );
  if (rowCount !== 0) throw new Error('the application may still connect');
}

/** A session of nobody's is refused by the database, under a password that is good for this moment. */
async function refuseStranger({ server, sql }: Database): Promise<void> {
  const password = makePassword();
  await sql.query(`ALTER ROLE ${stranger} PASSWORD '${scramVerifier(password)}'`);
  const signIn = withSession(
    { ...ownerConnection(server, APP_DATABASE), user: stranger, password },
    async () => undefined,
  );
  const refused = await signIn.then(
    () => 'nothing',
    ({ code }) => code,
  );
  await sql.query(`ALTER ROLE ${stranger} PASSWORD NULL`);
  if (refused !== '42501') throw new Error(`the stranger met ${refused}`);
}

async function requireOurs({ sql }: Database): Promise<void> {
  const session = await sql.connect();
  await session.query("SELECT set_config('search_path', 'pg_catalog,pg_temp', false)");
  const { rows } = await session.query<{ found: string | null }>(`SELECT (${notOurs}) AS found`);
  await session.query('RESET search_path');
  session.release();
  if (rows[0]?.found) throw new Error(rows[0].found);
}

async function admit(database: Database): Promise<void> {
  await run(database, `GRANT CONNECT ON DATABASE ${APP_DATABASE} TO ${admitted.get(database) ?? 'PUBLIC'}`);
}

/** Asks in a session that begins now, as an application's would. */
async function requireWritable({ server }: Database): Promise<void> {
  const { options, ...bound } = ownerConnection(server, APP_DATABASE);
  const read = (session: pg.Client) =>
    session.query("SELECT WHERE current_setting('default_transaction_read_only')::boolean");
  const { rowCount } = await withSession(bound, read);
  if (rowCount !== 0) throw new Error('blue is closed');
}

async function refuseWriters(sql: Sql): Promise<void> {
  const { rowCount } = await sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = '${APP_DATABASE}' AND backend_xid IS NOT NULL AND backend_type = 'client backend'
        AND pid <> pg_backend_pid()
     UNION ALL SELECT FROM pg_prepared_xacts WHERE database = '${APP_DATABASE}'`,
  );
  if (rowCount !== 0) throw new Error('somebody still writes');
}

async function positionOf(sql: Sql): Promise<string> {
  await sql.query("SELECT pg_logical_emit_message(true, 'bench', 'position')");
  const { rows } = await sql.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  return rows[0]?.lsn ?? '';
}

async function drain(from: Database, name: string): Promise<void> {
  const position = await positionOf(from.sql);
  const look = 'SELECT FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn >= $2::pg_lsn';
  while ((await from.sql.query(look, [name, position])).rowCount === 0) await sleep(1);
}

async function moveSequences(from: Database, to: Database): Promise<void> {
  const { rows } = await from.sql.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences WHERE schemaname <> 'viridian'",
  );
  const reads = rows.map(({ name }) => `SELECT '${name}' AS name, last_value, is_called FROM ${name}`);
  const read = reads.join(' UNION ALL ');
  const { rows: positions } = await from.sql.query(read);
  await to.sql.query(
    'SELECT setval(name::regclass, last_value, is_called) FROM json_to_recordset($1) AS s (name text, last_value bigint, is_called boolean)',
    [JSON.stringify(positions)],
  );
  const { rows: found } = await to.sql.query(read);
  if (JSON.stringify(found) !== JSON.stringify(positions)) throw new Error('sequences differ');
}

const changes = `SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::text AS changes FROM pg_stat_user_tables WHERE schemaname <> 'viridian'`;

/** A table without identity would stop the application once it is published, and another stream into new production would go round. */
const unfit = `SELECT FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    AND c.relreplident <> 'f' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
  UNION ALL SELECT FROM pg_subscription WHERE subenabled
  UNION ALL SELECT WHERE pg_is_in_recovery()`;

async function secure(sql: Sql, run: string): Promise<void> {
  const before = await sql.query(changes);
  await refuseWriters(sql);
  if ((await sql.query(unfit)).rowCount !== 0) throw new Error('it cannot be published');
  const asked = await positionOf(sql);
  await sql.query(`CREATE PUBLICATION ${publication} FOR ALL TABLES`);
  await sql.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  const { rows } = await sql.query<{ start: string; late: boolean }>(
    'SELECT confirmed_flush_lsn::text AS start, confirmed_flush_lsn >= $2::pg_lsn AS late FROM pg_replication_slots WHERE slot_name = $1',
    [slot, asked],
  );
  if (!rows[0]?.late) throw new Error('the slot stands too early');
  await refuseWriters(sql);
  const after = await sql.query(changes);
  if (JSON.stringify(before.rows) !== JSON.stringify(after.rows)) throw new Error('somebody wrote');
  // The functions attach only to what a run has noted as its own.
  const note = JSON.stringify({ run, asked, start: rows[0].start });
  await sql.query(`COMMENT ON PUBLICATION ${publication} IS '${note}'`);
}
