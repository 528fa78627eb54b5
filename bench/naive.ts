import { setTimeout as sleep } from 'node:timers/promises';
import { APP_DATABASE, type Database } from '../packages/local-aws/postgres/database.ts';
import { clearGreen } from '../packages/local-aws/postgres/link.ts';
import { realClock } from '../packages/local-aws/real-clock.ts';
import type { Sequence } from './sequence.ts';

/** How often it looks whether the lag is gone. Milliseconds. */
const lookEvery = 100;

/**
 * What is often written down as a procedure: close, cut the sessions once, wait for a lag of zero, set the sequences by the highest key, open; the
 * way back is made once writes flow again. It proves nothing, and what was written before the slot was made is not carried back.
 */
export const naive: Sequence = {
  name: 'naive',
  holds: false,
  async cut(pair) {
    const { blue, green, link } = pair;
    const began = realClock.now();
    await close(blue);
    await waitForLag(blue, link.name);
    await setSequences(green);
    await open(green);
    await pair.lead(pair.greenId);
    const cutMs = realClock.now() - began;
    await clearGreen(link);
    const slot = 'viridian_way_back_app';
    await green.sql.query('CREATE PUBLICATION viridian_way_back FOR ALL TABLES');
    const { rows } = await green.sql.query<{ lsn: string }>(
      "SELECT lsn::text FROM pg_create_logical_replication_slot($1, 'pgoutput')",
      [slot],
    );
    // The functions attach only to what a run has noted as its own.
    const note = JSON.stringify({ run: pair.runArn, asked: '0/0', start: rows[0]?.lsn });
    await green.sql.query(`COMMENT ON PUBLICATION viridian_way_back IS '${note}'`);
    return { cutMs, securedMs: null };
  },
  async back(pair) {
    const { blue, green } = pair;
    const began = realClock.now();
    await close(green);
    await waitForLag(green, 'viridian_way_back');
    await blue.sql.query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
    await blue.sql.query('ALTER SUBSCRIPTION viridian_way_back SET (slot_name = NONE)');
    await blue.sql.query('DROP SUBSCRIPTION viridian_way_back');
    await setSequences(blue);
    await open(blue);
    await pair.lead('blue');
    return realClock.now() - began;
  },
};

async function close({ sql }: Database): Promise<void> {
  await sql.query(`ALTER DATABASE ${APP_DATABASE} SET default_transaction_read_only = on`);
  await sql.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = '${APP_DATABASE}' AND backend_type = 'client backend' AND usename <> 'rdsadmin'`,
  );
}

async function open({ sql }: Database): Promise<void> {
  await sql.query(`ALTER DATABASE ${APP_DATABASE} RESET default_transaction_read_only`);
}

async function waitForLag({ sql }: Database, application: string): Promise<void> {
  const lag =
    'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) AS lag FROM pg_stat_replication WHERE application_name = $1';
  for (;;) {
    const { rows } = await sql.query<{ lag: string }>(lag, [application]);
    if (rows[0]?.lag === '0') return;
    await sleep(lookEvery);
  }
}

async function setSequences({ sql }: Database): Promise<void> {
  const { rows } = await sql.query<{ set: string }>(
    `SELECT format('SELECT setval(%L, coalesce(max(%I), 1)) FROM %s', s.oid::regclass, a.attname, d.refobjid::regclass) AS set
       FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE s.relkind = 'S'`,
  );
  for (const { set } of rows) await sql.query(set);
}
