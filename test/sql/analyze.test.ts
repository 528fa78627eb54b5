import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AnalyzeProgress } from '../../functions/domain/build/analyze-plan.ts';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { type Database, ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import { verifyWrites } from '../../packages/local-aws/postgres/verify.ts';
import { CUT } from '../../packages/local-aws/test/postgres/plane.ts';
import { Workload } from '../../rehearsal/workload/workload.ts';
import { prepareCrashes, withCrashes } from './crash.ts';
import {
  afterwards,
  ask,
  openBlueStage,
  openGreenStage,
  production,
  question,
  setupStatements,
  target,
  until,
} from './stage.ts';

type Limits = { withinSeconds: number; tableSeconds: number };
const limits: Limits = { withinSeconds: 30, tableSeconds: 30 };

/** Tables that nobody has analyzed by hand, or whose columns the planner knows nothing of although they hold rows. */
async function untouched({ sql }: Database): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `SELECT relid::regclass::text AS name FROM pg_stat_user_tables s
      WHERE schemaname <> 'viridian'
        AND (last_analyze IS NULL OR (n_live_tup > 0 AND NOT EXISTS (
          SELECT FROM pg_stats p WHERE p.schemaname = s.schemaname AND p.tablename = s.relname)))
      ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Whether the rows of the first orders have arrived. */
async function hasOrders({ sql }: Database): Promise<boolean> {
  const tables = ['orders', 'order_items', 'audit_log'];
  const looks = tables.map((table) => sql.query(`SELECT FROM viridian_rehearsal.${table} LIMIT 1`));
  return (await Promise.all(looks)).every(({ rowCount }) => rowCount === 1);
}

const whole = { slow: [], givenUp: [], notAllowed: [], missing: [] };

describe('one server', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openBlueStage();
    await sql().query(`
      CREATE TABLE public.parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE public.part PARTITION OF public.parted FOR VALUES FROM (0) TO (1000);
      CREATE TABLE public.locked (id int PRIMARY KEY);`);
  });
  afterAll(() => plane.dispose());

  const sql = () => plane.database('db-blue').sql;
  const step = (progress?: AnalyzeProgress, more: Partial<Limits> = {}) =>
    ask('analyze-step', { ...target(plane), ...limits, ...more, ...(progress && { progress }) });

  it('goes round what is locked, does the rest, and comes back to it', async () => {
    const session = await sql().connect();
    afterwards(() => session.release(true));
    await session.query('BEGIN; LOCK TABLE public.locked IN ACCESS EXCLUSIVE MODE');
    let first = await step();
    while (first.left > 1) first = await step(first);
    expect(first).toEqual({ ...whole, tables: 8, analyzed: 7, left: 1 });
    expect(await untouched(plane.database('db-blue'))).toEqual(['locked']);
    await session.query('ROLLBACK');
    expect(await step(first)).toEqual({ ...whole, tables: 8, analyzed: 8, left: 0 });
    expect(await untouched(plane.database('db-blue'))).toEqual([]);
  });

  it('has nothing to do when it is asked again', async () => {
    const look = async () =>
      (await sql().query('SELECT relname, last_analyze, analyze_count FROM pg_stat_user_tables ORDER BY 1'))
        .rows;
    const before = await look();
    expect(await step()).toMatchObject({ analyzed: 8, left: 0 });
    expect(await look()).toEqual(before);
  });

  it('does as much as its time allows and says how much is left', async () => {
    await sql().query('SELECT pg_stat_reset()');
    const first = await step(undefined, { withinSeconds: 0.000_001 });
    const second = await step(first, { withinSeconds: 0.000_001 });
    expect(first.left).toBeGreaterThan(0);
    expect(second.left).toBe(first.left - 1);
  });

  it('ends the same whichever statement a step dies at', { timeout: 120_000 }, async () => {
    await sql().query('SELECT pg_stat_reset()');
    prepareCrashes();
    const { answer, crashes } = await withCrashes('after', () =>
      question('analyze-step', { ...target(plane), ...limits }),
    );
    expect(crashes).toBeGreaterThan(5);
    expect(answer).toEqual({ kind: 'answer', facts: { ...whole, tables: 8, analyzed: 8, left: 0 } });
  });

  it('gives up a table that fails or takes too long, and does the others', async () => {
    afterwards(() =>
      sql().query('ALTER DATABASE app RESET test.mode; DROP TABLE IF EXISTS public.failing, public.slow'),
    );
    await sql().query(`
      CREATE FUNCTION public.odd(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('test.mode', true) = 'fail' AND $1 = 1 THEN RAISE EXCEPTION 'value %', $1; END IF;
        IF current_setting('test.mode', true) = 'fail' THEN PERFORM pg_catalog.pg_sleep(1.5); END IF;
        RETURN $1; END $$;
      CREATE TABLE public.failing (id int); CREATE INDEX ON public.failing (public.odd(id)); INSERT INTO public.failing VALUES (1);
      CREATE TABLE public.slow (id int); CREATE INDEX ON public.slow (public.odd(id)); INSERT INTO public.slow VALUES (2);
      ALTER DATABASE app SET test.mode = 'fail';`);
    const done = await step(undefined, { tableSeconds: 1 });
    expect(done).toMatchObject({ tables: 10, analyzed: 8, left: 1, slow: ['app: public.slow'] });
    const again = await step(done, { tableSeconds: 1 });
    expect(again).toEqual({
      ...whole,
      tables: 10,
      analyzed: 8,
      left: 0,
      givenUp: [
        { table: 'app: public.failing', because: 'error P0001' },
        { table: 'app: public.slow', because: 'too slow' },
      ],
    });
  });

  it('tells of a database in which the setup was not run', async () => {
    afterwards(() => sql().query('DROP DATABASE bare'));
    await sql().query('CREATE DATABASE bare');
    await withSession(ownerConnection(plane.database('db-blue').server, 'bare'), (client) =>
      client.query('CREATE TABLE public.plain (id int)'),
    );
    expect(await step()).toEqual({
      ...whole,
      tables: 9,
      analyzed: 8,
      left: 0,
      notAllowed: ['bare: public.plain'],
      missing: ['run docs/setup-postgresql.sql in database bare;'],
    });
  });
});

/** From 18 on a partitioned table can be analyzed alone. */
it('of PostgreSQL 18 leaves partitions to steps of their own', async () => {
  const plane = await PostgresDataPlane.open();
  onTestFinished(() => plane.dispose());
  await plane.createDatabase('db', '18.0');
  await plane.loadSchema(
    'db',
    `${setupStatements}
    CREATE TABLE public.parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE public.part PARTITION OF public.parted FOR VALUES FROM (0) TO (1000);
    INSERT INTO public.parted SELECT generate_series(0, 999);`,
  );
  const { server } = plane.database('db');
  const step = (withinSeconds: number) =>
    ask('analyze-step', {
      resourceId: 'db',
      is: null,
      host: '127.0.0.1',
      port: server.port,
      ...limits,
      withinSeconds,
    });
  expect(await step(0.000_001)).toEqual({ ...whole, tables: 2, analyzed: 1, left: 1 });
  expect(await untouched(plane.database('db'))).toEqual(['part']);
  expect(await step(30)).toEqual({ ...whole, tables: 2, analyzed: 2, left: 0 });
  expect(await untouched(plane.database('db'))).toEqual([]);
});

it('green of a new major version has every statistic, follows blue under live writes, and can be switched to', async () => {
  const plane = await openGreenStage();
  onTestFinished(() => plane.dispose());
  const green = plane.database('db-green');
  await green.sql.query('SELECT pg_stat_reset()');
  const workload = await Workload.start(plane.endpoint('shop').port, { writers: 2, thinkMs: 10 });
  const writeOn = async () => {
    const before = workload.acknowledged;
    await until(() => workload.acknowledged > before + 100);
  };
  await writeOn();
  await until(() => hasOrders(green));
  expect(await untouched(green)).toHaveLength(5);
  expect(await ask('analyze-step', { ...production(plane), ...limits })).toEqual({
    ...whole,
    tables: 5,
    analyzed: 5,
    left: 0,
  });
  expect(await untouched(green)).toEqual([]);
  await writeOn();
  expect(await plane.cutOver(CUT)).toEqual({ done: true });
  const { writes } = await workload.stop();
  expect(await verifyWrites(green, writes)).toMatchObject({ lost: 0, doubled: 0 });
});
