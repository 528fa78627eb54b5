import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { configureSql } from '../../functions/sql/settings.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { applicationRoles, ask, codeOfAsking, databases, openBlueStage, target, until } from './stage.ts';

let plane: PostgresDataPlane;
let signIns = 0;

beforeAll(async () => {
  plane = await openBlueStage({}, 10);
  const credentials = async (_place: unknown, { user }: { user: string }) => {
    signIns += 1;
    return { user };
  };
  configureSql({ credentials, tls: 'off' });
});
afterAll(() => plane.dispose());
afterEach(() => vi.useRealTimers());

const held = () => ({ ...target(plane), databases, applicationRoles });

/** How often a piece of work signs in. */
async function countSignIns(work: () => Promise<unknown>): Promise<number> {
  const before = signIns;
  await work();
  return signIns - before;
}

/** Server processes of the functions. */
async function ours(): Promise<number[]> {
  const { rows } = await plane
    .database('db-blue')
    .sql.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE usename = 'viridian' ORDER BY pid");
  return rows.map(({ pid }) => pid);
}

describe('while writes are held', () => {
  it('the next question goes on in the session of the last one', async () => {
    expect(await countSignIns(() => ask('hold-writes', held()))).toBe(1);
    const [pid] = await ours();
    expect(await countSignIns(() => ask('hold-writes', held()))).toBe(0);
    expect(await ours()).toEqual([pid]);
  });

  it('two questions at once do not share a session', async () => {
    await ask('hold-writes', held());
    const both = () => Promise.all([ask('hold-writes', held()), ask('hold-writes', held())]);
    expect(await countSignIns(both)).toBe(1);
    await until(async () => (await ours()).length === 1);
  });

  it('a session that the server has ended is replaced, and the question is answered', async () => {
    await ask('hold-writes', held());
    await plane
      .database('db-blue')
      .sql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'viridian'");
    expect(await countSignIns(() => ask('hold-writes', held()))).toBe(1);
  });

  it('a session that has waited too long is ended', async () => {
    await ask('hold-writes', held());
    const before = await ours();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    expect(await countSignIns(() => ask('hold-writes', held()))).toBe(1);
    await until(async () => (await ours()).length === 1);
    expect(await ours()).not.toEqual(before);
  });

  it('an address that leads to another database since gets a session of its own', async () => {
    await ask('hold-writes', held());
    const renamed = { ...held(), resourceId: 'db-OTHER' };
    expect(await countSignIns(() => ask('hold-writes', renamed))).toBe(1);
  });

  it('a question that was refused leaves no session', async () => {
    await ask('hold-writes', held());
    const absent = { ...held(), applicationRoles: ['nobody'] };
    expect(await codeOfAsking('hold-writes', absent)).toBe('42704');
    expect(await countSignIns(() => ask('hold-writes', held()))).toBe(1);
  });
});

it('a kept session does not hide that somebody has opened the database since', async () => {
  await ask('fence', { ...target(plane), databases });
  const asked = () => ask('foreign-writers', { ...target(plane), databases });
  expect((await asked()).closed).toEqual({ app: true });
  // Somebody else opens it: the kept session began before that.
  await plane.database('db-blue').sql.query('ALTER DATABASE app RESET default_transaction_read_only');
  expect((await asked()).closed).toEqual({ app: false });
});

it('a question that has time leaves no session, so a database can be dropped', async () => {
  await plane.database('db-blue').sql.query('CREATE DATABASE spare');
  await ask('facts', { ...target(plane), applicationRoles, databases: ['spare'] });
  // PostgreSQL itself waits for sessions that are just ending.
  await plane.database('db-blue').sql.query('DROP DATABASE spare');
});
