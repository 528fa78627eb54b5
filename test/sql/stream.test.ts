import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StreamFacts } from '../../functions/domain/way-back/facts.ts';
import {
  type EarlierLook,
  judgeStreams,
  type StreamVerdict,
} from '../../functions/domain/way-back/stream.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import {
  afterwards,
  applicationRoles,
  ask,
  codeOfAsking,
  databases,
  hasPassword,
  openStreamStage,
  production,
  sides,
  target,
  until,
} from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openStreamStage();
});
afterAll(() => plane.dispose());

const limits = { walBudgetBytes: 2 ** 30, doubtSeconds: 120 };
let earlier: EarlierLook | undefined;
/** Seconds since the first look, as the one who looks counts them. */
let time = 0;

async function look(given: Partial<typeof limits> = {}): Promise<StreamVerdict & { streams: StreamFacts[] }> {
  const { streams } = await ask('watch', { ...sides(plane), databases });
  time += 15;
  const verdict = judgeStreams(streams, earlier, { ...limits, ...given }, time * 1000);
  earlier = { streams, doubtSince: verdict.kind === 'doubtful' ? verdict.since : null };
  return { ...verdict, streams };
}
const untilWhole = () => until(async () => (await look()).kind === 'whole');
const green = () => plane.database('db-green').sql;
const blue = () => plane.database('db-blue').sql;
const write = (id: number) =>
  green().query(
    'INSERT INTO viridian_rehearsal.history (id, account_id, amount, note) VALUES ($1, 1, 1, $2)',
    [id, 'on new production'],
  );

it('is whole once a beat has travelled through it, and a beat that does not arrive is a doubt', async () => {
  expect((await look()).kind).toBe('doubtful');
  await untilWhole();
});

it('is doubted when a row is in the way, broken when that lasts, and whole again when it is gone', async () => {
  await untilWhole();
  await blue().query(
    "INSERT INTO viridian_rehearsal.history (id, account_id, amount, note) VALUES (900001, 1, 1, 'stray')",
  );
  await write(900_001);
  await until(async () => (await look()).kind === 'doubtful');
  const { streams } = await look();
  expect(streams[0]?.slot?.lagBytes).toBeLessThan(100_000);
  const failures = 'SELECT FROM pg_stat_subscription_stats WHERE apply_error_count > 0';
  await until(async () => (await blue().query(failures)).rowCount === 1);
  await until(async () => (await look({ doubtSeconds: 15 })).kind === 'broken');
  await blue().query('DELETE FROM viridian_rehearsal.history WHERE id = 900001');
  await untilWhole();
});

it('is doubted when the schema of new production changes, and heals with the same change on the target', async () => {
  await untilWhole();
  await green().query('ALTER TABLE viridian_rehearsal.history ADD COLUMN mood text');
  await write(900_002);
  await until(async () => (await look()).kind === 'doubtful');
  await blue().query('ALTER TABLE viridian_rehearsal.history ADD COLUMN mood text');
  await untilWhole();
});

it('does not keep new production from being opened while it applies', async () => {
  await untilWhole();
  const waiting = await blue().connect();
  afterwards(() => waiting.release(true));
  await waiting.query('BEGIN; SELECT FROM viridian_rehearsal.accounts WHERE id = 1 FOR UPDATE');
  await green().query(
    `BEGIN; INSERT INTO viridian_rehearsal.history (id, account_id, amount, note) VALUES (900003, 1, 1, 'waits');
     UPDATE viridian_rehearsal.accounts SET balance = balance + 1 WHERE id = 1; COMMIT`,
  );
  const applying = `SELECT FROM pg_stat_activity WHERE backend_type LIKE 'logical replication %worker' AND backend_xid IS NOT NULL`;
  await until(async () => (await blue().query(applying)).rowCount === 1);
  const opened = await ask('open', { open: production(plane), closed: target(plane), databases });
  expect(opened).toEqual({ writable: databases });
  await waiting.query('COMMIT');
  await untilWhole();
});

it('carries a prepared transaction when it is committed, and not when it is rolled back', async () => {
  const session = await green().connect();
  afterwards(() => session.release(true));
  for (const [id, end] of [
    [900_010, 'COMMIT'],
    [900_011, 'ROLLBACK'],
  ] as const) {
    await session.query('BEGIN');
    await session.query(
      "INSERT INTO viridian_rehearsal.history (id, account_id, amount, note) VALUES ($1, 1, 1, 'prepared')",
      [id],
    );
    await session.query("PREPARE TRANSACTION 'two phases'");
    await session.query(`${end} PREPARED 'two phases'`);
  }
  await until(
    async () =>
      (await blue().query('SELECT FROM viridian_rehearsal.history WHERE id = 900010')).rowCount === 1,
  );
  expect((await blue().query('SELECT FROM viridian_rehearsal.history WHERE id = 900011')).rowCount).toBe(0);
});

it('is broken when more log is kept than the budget allows', async () => {
  await untilWhole();
  await blue().query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
  expect(await look()).toMatchObject({ kind: 'broken', because: 'the subscription of app is disabled' });
  await ask('attach', { ...sides(plane), databases });
  const session = await green().connect();
  afterwards(() => session.release(true));
  await session.query('BEGIN');
  await session.query(
    `INSERT INTO viridian_rehearsal.history (account_id, amount, note) SELECT 1, 1, repeat('x', 1000) FROM generate_series(1, 3000)`,
  );
  const { kind, streams } = await look({ walBudgetBytes: 1_000_000 });
  expect(kind).toBe('broken');
  expect(streams[0]?.slot?.retainedBytes).toBeGreaterThan(1_000_000);
});

it('goes on under a new password when it is attached again, and no server has written one down', async () => {
  const secrets: string[] = [];
  for (const database of ['db-green', 'db-blue']) {
    await plane.database(database).sql.query("ALTER SYSTEM SET log_statement = 'all'; ");
    await plane.database(database).sql.query('SELECT pg_reload_conf()');
  }
  for (let time = 0; time < 2; time += 1) {
    await ask('attach', { ...sides(plane), databases });
    const { rows } = await blue().query<{ source: string }>(
      'SELECT subconninfo AS source FROM pg_subscription',
    );
    secrets.push(/password='(\S+)'/.exec(rows[0]?.source ?? '')?.[1] ?? '');
  }
  expect(new Set(secrets).size).toBe(2);
  expect(secrets[0]?.length).toBeGreaterThan(40);
  await untilWhole();
  const log = ['db-green', 'db-blue']
    .map((database) => readFileSync(plane.database(database).server.logFile, 'utf8'))
    .join('\n');
  expect(log).toContain('viridian.set_replication_password');
  for (const secret of secrets) expect(log).not.toContain(secret);
});

it('signs in with that password where the server asks for one', async () => {
  const file = `${plane.database('db-green').server.dataDirectory}/pg_hba.conf`;
  const trusting = readFileSync(file, 'utf8');
  writeFileSync(file, `host all viridian_replication 127.0.0.1/32 scram-sha-256\n${trusting}`);
  await green().query('SELECT pg_reload_conf()');
  await ask('attach', { ...sides(plane), databases });
  await untilWhole();
  await green().query("ALTER ROLE viridian_replication PASSWORD 'another'");
  await green().query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
  await until(async () => (await look()).kind === 'doubtful');
  await ask('attach', { ...sides(plane), databases });
  await untilWhole();
});

it('comes back when new production has failed over, also under another address', async () => {
  await write(900_020);
  const { server } = plane.database('db-green');
  await server.stop();
  expect(await codeOfAsking('watch', { ...sides(plane), databases })).toBe('ECONNREFUSED');
  await server.start();
  await untilWhole();
  expect((await blue().query('SELECT FROM viridian_rehearsal.history WHERE id = 900020')).rowCount).toBe(1);
  await server.stop();
  server.port = 0;
  await server.start();
  expect(await look()).toMatchObject({ kind: 'doubtful' });
  await ask('attach', { ...sides(plane), databases });
  await untilWhole();
});

it('is attached to a secured database of the same run only, and to a fenced target', async () => {
  const both = { ...sides(plane), databases };
  expect(await codeOfAsking('attach', { ...both, executionArn: 'another run' })).toBe('foreign');
  await plane.setWritable('db-blue', true);
  expect(await codeOfAsking('attach', both)).toBe('not-fenced');
  await plane.setWritable('db-blue', false);
  await ask('attach', both);
});

it('is broken at once when the server has thrown away log that its slot kept, and says why', async () => {
  await untilWhole();
  const { server } = plane.database('db-green');
  await server.stop();
  Object.assign(server.settings, { max_slot_wal_keep_size: '1MB', wal_keep_size: 0 });
  await server.start();
  // The pool knows the port that new production had before it failed over.
  const client = new pg.Client(ownerConnection(server, databases[0] ?? ''));
  await client.connect();
  afterwards(() => client.end());
  // As RDS has one on blue for green.
  await client.query("SELECT pg_create_logical_replication_slot('rds_to_green', 'pgoutput')");
  const ended = () => ask('ended-replication', { blue: production(plane), green: target(plane) });
  expect(await ended()).toEqual({ because: null });
  await blue().query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
  for (let file = 0; file < 3; file += 1) {
    await client.query(
      'CREATE TABLE viridian_rehearsal.filler AS SELECT 1; DROP TABLE viridian_rehearsal.filler',
    );
    await client.query('SELECT pg_switch_wal()');
  }
  await until(async () => {
    await client.query('CHECKPOINT');
    const { rows } = await client.query('SELECT wal_status FROM pg_replication_slots');
    return rows.length === 2 && rows.every(({ wal_status }) => wal_status === 'lost');
  });
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
  const because = rows[0]?.version >= 170_000 ? ' (wal_removed)' : '';
  expect(await look()).toMatchObject({
    kind: 'broken',
    because: `the slot of app has lost log that the target needs${because}`,
  });
  expect(await codeOfAsking('attach', { ...sides(plane), databases })).toBe('not-secured');
  expect(await ended()).toEqual({
    because: `the slot rds_to_green of blue has lost log that green needs${because}`,
  });
  await client.query("SELECT pg_drop_replication_slot('rds_to_green')");
});

it('ends when it is closed: no slot stays, although the target still listens', async () => {
  const place = { databases, applicationRoles };
  const closed = await ask('close', { ...production(plane), ...place });
  expect(closed.left).toMatchObject({ publications: [], slots: [], passwordSet: null });
  expect(await hasPassword(plane, 'db-green')).toBe(false);
  expect(await look()).toMatchObject({ kind: 'broken', because: 'the slot of app is gone' });
  expect(await codeOfAsking('attach', { ...sides(plane), databases })).toBe('not-secured');
  const { left } = await ask('close', { ...target(plane), ...place });
  expect(left.subscriptions).toEqual([]);
});
