import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnalyzeProgress } from '../../functions/domain/way-back-analyze.ts';
import type { PostgresDataPlane } from '../../local/postgres/data-plane.ts';
import { ask, databases, openBlueStage, target } from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openBlueStage();
  await plane.database('db-blue').sql.query(`
    CREATE TABLE public.parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE public.part PARTITION OF public.parted FOR VALUES FROM (0) TO (1000);
    CREATE TABLE public.locked (id int PRIMARY KEY);`);
});
afterAll(() => plane.dispose());

const sql = () => plane.database('db-blue').sql;
const step = (progress?: AnalyzeProgress, withinSeconds = 30) =>
  ask('analyze-step', { ...target(plane), databases, withinSeconds, ...(progress && { progress }) });
const untouched = async () => {
  const { rows } = await sql().query<{ name: string }>(
    `SELECT relname AS name FROM pg_stat_user_tables
      WHERE coalesce(last_analyze, last_autoanalyze) IS NULL AND schemaname <> 'viridian' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

it('goes round what is locked, does the rest, and comes back to it', async () => {
  const session = await sql().connect();
  await session.query('BEGIN; LOCK TABLE public.locked IN ACCESS EXCLUSIVE MODE');
  const first = await step();
  expect(first).toEqual({ left: 1, slow: [], leftOut: [] });
  expect(await untouched()).toEqual(['locked']);
  await session.query('ROLLBACK');
  session.release();
  expect(await step(first)).toEqual({ left: 0, slow: [], leftOut: [] });
  expect(await untouched()).toEqual([]);
});

it('has nothing to do when it is asked again', async () => {
  const look = async () =>
    (await sql().query('SELECT relname, last_analyze, analyze_count FROM pg_stat_user_tables ORDER BY 1'))
      .rows;
  const before = await look();
  expect(await step()).toEqual({ left: 0, slow: [], leftOut: [] });
  expect(await look()).toEqual(before);
});

it('does as much as its time allows and says how much is left', async () => {
  await sql().query('SELECT pg_stat_reset()');
  const { left } = await step(undefined, 0.000_001);
  const { left: later } = await step({ left, slow: [], leftOut: [] }, 0.000_001);
  expect(left).toBeGreaterThan(0);
  expect(later).toBe(left - 1);
});
