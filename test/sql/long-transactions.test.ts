import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { APP_DATABASE, APP_ROLE, ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import { afterwards, ask, openBlueStage, target, until } from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openBlueStage();
});
afterAll(() => plane?.dispose());

const write =
  "INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 4711, 'a secret')";

/** A session that says this and stays open until the test has ended. */
async function open(user: string, ...statements: string[]): Promise<pg.Client & { processID: number }> {
  const { port } = target(plane);
  const client = new pg.Client({ host: '127.0.0.1', port, user, database: APP_DATABASE }) as pg.Client & {
    processID: number;
  };
  client.on('error', () => {});
  await client.connect();
  afterwards(() => client.end());
  for (const statement of statements) await client.query(statement);
  return client;
}

const look = async (olderThanSeconds = 0) =>
  (await ask('long-transactions', { ...target(plane), olderThanSeconds })).left;
const end = async (olderThanSeconds = 0) =>
  (await ask('end-transactions', { ...target(plane), olderThanSeconds })).left;
const isAlive = (client: pg.Client) =>
  client.query('SELECT 1').then(
    () => true,
    () => false,
  );

describe('transactions that have written and stay open', () => {
  it('are told with user, age and digest, and with no value of theirs', async () => {
    const [idle, busy] = [await open(APP_ROLE, 'BEGIN', write), await open(APP_ROLE, 'BEGIN', write)];
    busy.query('SELECT pg_sleep(60)').catch(() => {});
    await pause(1_100);
    await until(async () => (await look(1)).length === 2);
    const found = await look(1);
    expect(found.toSorted((a, b) => Number(b.idle) - Number(a.idle))).toMatchObject([
      {
        database: APP_DATABASE,
        pid: idle.processID,
        user: APP_ROLE,
        idle: true,
        query: expect.stringMatching(/^-?\w{16,20}$/),
      },
      { pid: busy.processID, idle: false },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/4711|secret/);
    const other = await open(APP_ROLE, 'BEGIN', write.replace('4711', '12').replace('a secret', "it''s"));
    await pause(10);
    const digests = (await look()).filter(({ pid }) => pid !== busy.processID).map(({ query }) => query);
    expect(new Set(digests).size).toBe(1);
    expect(digests).toHaveLength(2);
    await other.query('ROLLBACK');
    busy.end().catch(() => {});
    await end();
  });

  it('are ended when they are older than the limit, and no younger one is', async () => {
    const old = await open(APP_ROLE, 'BEGIN', write);
    await pause(2_100);
    const young = await open(APP_ROLE, 'BEGIN', write);
    expect(await end(2)).toEqual([]);
    expect([await isAlive(old), await isAlive(young)]).toEqual([false, true]);
    expect(await end(2)).toEqual([]);
  });

  it('are neither those that only read, nor ours, nor those of the service', async () => {
    const reading = await open(APP_ROLE, 'BEGIN', 'SELECT count(*) FROM viridian_rehearsal.history');
    const ours = await open('viridian', 'BEGIN', 'UPDATE viridian.heartbeat SET run = run');
    const { user = '' } = ownerConnection(plane.database('db-blue').server, APP_DATABASE);
    const service = await open(user, 'BEGIN', write);
    expect(await look()).toEqual(user === 'rdsadmin' ? [] : [expect.objectContaining({ user })]);
    await end();
    expect(await Promise.all([reading, ours, service].map(isAlive))).toEqual([true, true, true]);
  });

  it('are prepared ones, too, which are told and left', async () => {
    await open(APP_ROLE, 'BEGIN', write, "PREPARE TRANSACTION 'order-1'");
    const clean = new pg.Client(ownerConnection(plane.database('db-blue').server, APP_DATABASE));
    await clean.connect();
    afterwards(() => clean.query("ROLLBACK PREPARED 'order-1'").finally(() => clean.end()));
    const prepared = { database: APP_DATABASE, pid: null, user: APP_ROLE, prepared: 'order-1', query: null };
    expect(await look()).toMatchObject([prepared]);
    expect(await end()).toMatchObject([prepared]);
    expect(await look(3_600)).toEqual([]);
  });

  it('are none of an autovacuum', async () => {
    const owner = new pg.Client(ownerConnection(plane.database('db-blue').server, APP_DATABASE));
    await owner.connect();
    const reset = [
      'ALTER SYSTEM RESET autovacuum_naptime',
      'SELECT pg_reload_conf()',
      'DROP TABLE public.dusty',
    ];
    afterwards(async () => {
      for (const statement of reset) await owner.query(statement);
      await owner.end();
    });
    const slow =
      'autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 0, autovacuum_analyze_threshold = 0';
    for (const statement of [
      'ALTER SYSTEM SET autovacuum_naptime = 1',
      `CREATE TABLE public.dusty WITH (${slow}) AS SELECT repeat('x', 200) AS x FROM generate_series(1, 20000)`,
      "DELETE FROM public.dusty WHERE ctid < '(100,0)'",
      'SELECT pg_reload_conf()',
    ])
      await owner.query(statement);
    const working =
      "SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND xact_start IS NOT NULL AND query LIKE '%dusty%'";
    await until(async () => (await owner.query(working)).rowCount === 1);
    expect(await look()).toEqual([]);
    expect(await end()).toEqual([]);
    expect((await owner.query(working)).rowCount).toBe(1);
  });
});
