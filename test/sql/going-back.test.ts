import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { judgeDrained } from '../../functions/domain/way-back/drained.ts';
import type { CompareProgress } from '../../functions/domain/way-back/facts.ts';
import { findExceeding, stateLoss } from '../../functions/domain/way-back/loss.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { clientAt, codeOf } from '../../packages/local-aws/test/postgres/plane.ts';
import {
  afterwards,
  ask,
  codeOfAsking,
  databases,
  openStreamStage,
  production,
  question,
  sides,
  target,
  until,
} from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openStreamStage();
});
/** Staying on new production: it is what every attempt to go back can return to until the target is opened. */
afterEach(async () => {
  await ask('open', { open: production(plane), closed: target(plane), databases });
});
afterAll(() => plane.dispose());

const green = () => plane.database('db-green').sql;
const blue = () => plane.database('db-blue').sql;
const application = () => clientAt(production(plane).port);
const write = 'INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, $1)';
const fence = () => ask('fence', { ...production(plane), databases });
const writable = async () =>
  (await ask('probe-write', { ...production(plane), databases, applicationRoles: [] })).writable;

async function drain(): Promise<void> {
  const { positions } = await fence();
  await until(async () => {
    const found = await ask('drained', { ...production(plane), positions });
    return judgeDrained(found.databases, databases).kind === 'ready';
  });
}

async function compare(
  by: 'counts' | 'checksums',
  withinSeconds = 60,
): Promise<CompareProgress & { steps: number }> {
  let progress: CompareProgress | undefined;
  for (let steps = 1; ; steps += 1) {
    progress = await ask('compare', {
      ...sides(plane),
      databases,
      by,
      withinSeconds,
      ...(progress && { progress }),
    });
    if (progress.done) return { ...progress, steps };
  }
}

it('refuses a prepared transaction before anything is closed', async () => {
  const client = await application();
  const forget = () => client.query("ROLLBACK PREPARED 'left'");
  afterwards(forget);
  await client.query(
    "BEGIN; INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, 'left'); PREPARE TRANSACTION 'left'",
  );
  expect(await codeOfAsking('fence', { ...production(plane), databases })).toBe('writers');
  expect(await writable()).toEqual({ app: true });
  await forget();
  await fence();
  expect(await writable()).toEqual({ app: false });
});

it('refuses a role whose own setting is stronger than the fence', async () => {
  afterwards(() => green().query('ALTER ROLE app RESET default_transaction_read_only'));
  await green().query('ALTER ROLE app SET default_transaction_read_only = off');
  const reply = await question('fence', { ...production(plane), databases });
  expect(reply).toMatchObject({ kind: 'refused', code: 'overridden' });
  expect(await writable()).toEqual({ app: true });
});

it('ends what is still being written, and what was acknowledged before stays', async () => {
  const client = await application();
  await client.query(write, ['acknowledged']);
  await client.query('BEGIN');
  await client.query(write, ['never committed']);
  await drain();
  expect(await codeOf(client.query('COMMIT'))).not.toBe('none');
  const { rows } = await blue().query(
    "SELECT note FROM viridian_rehearsal.history WHERE note IN ('acknowledged', 'never committed')",
  );
  expect(rows).toEqual([{ note: 'acknowledged' }]);
  expect(await codeOf(application())).toBe('42501');
  const found = await ask('foreign-writers', { ...production(plane), databases });
  expect(found.closed).toEqual({ app: true });
  expect(found.writers.filter((writer) => writer.writing)).toEqual([]);
});

it('is not drained while the target does not follow, and is when it does', async () => {
  await blue().query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
  await until(
    async () => (await green().query('SELECT FROM pg_replication_slots WHERE active')).rowCount === 0,
  );
  await (await application()).query(write, ['on its way']);
  const { positions } = await fence();
  const look = async () => {
    const found = await ask('drained', { ...production(plane), positions });
    return judgeDrained(found.databases, databases).kind;
  };
  expect(await look()).toBe('not-yet');
  await ask('attach', { ...sides(plane), databases });
  await until(async () => (await look()) === 'ready');
});

it('never opens a second side', async () => {
  const other = { open: target(plane), closed: production(plane), databases };
  expect(await codeOfAsking('open', other)).toBe('not-fenced');
  await fence();
  expect(await codeOfAsking('open', other)).toBe('attached');
  expect((await ask('probe-write', { ...target(plane), databases, applicationRoles: [] })).writable).toEqual({
    app: false,
  });
});

it('refuses to prove anything about no database at all', async () => {
  expect(await codeOfAsking('fence', { ...production(plane), databases: [] })).toBe('no-databases');
  expect(await codeOfAsking('drained', { ...production(plane), positions: {} })).toBe('no-databases');
});

it('states what blue lacks where nothing applies the stream, and nothing once it has arrived', async () => {
  const state = async () => {
    const { positions } = await fence();
    const { databases: found } = await ask('drained', { ...production(plane), positions });
    const { streams } = await ask('read-streams', { ...sides(plane), databases });
    return stateLoss({ databases, drained: found, streams, progress: null, now: Date.now() });
  };
  await ask('watch', { ...sides(plane), databases });
  await drain();
  await ask('open', { open: production(plane), closed: target(plane), databases });
  await blue().query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
  await (await application()).query(write, ['would be lost']);
  const loss = await state();
  const [behind] = loss.behind;
  expect(loss.statement).toBe(`lose everything since ${behind?.since} in app`);
  expect(behind).toMatchObject({ database: 'app', stream: 'its subscription is disabled' });
  expect(behind?.bytes).toBeGreaterThan(0);
  expect(Date.parse(behind?.wholeUntil ?? '')).toBeLessThanOrEqual(Date.now());
  expect(findExceeding(await state(), loss)).toEqual([]);
  await ask('attach', { ...sides(plane), databases });
  // Each fence asks for a position of its own, which the stream has yet to confirm.
  await until(async () => {
    const { statement, behind } = await state();
    return statement === null && behind.length === 0;
  });
});

it('sets sequences from a side that stands still only', async () => {
  expect(await codeOfAsking('set-sequences', { ...sides(plane), databases })).toBe('not-fenced');
});

it('finds equal sides equal, in one step or in many', async () => {
  await green().query(
    'INSERT INTO viridian_rehearsal.history (account_id, amount, note) SELECT 1, i, repeat(md5(i::text), 8) FROM generate_series(1, 60000) AS i',
  );
  await drain();
  const whole = await compare('checksums');
  expect(whole).toMatchObject({ tables: 5, differing: 0, done: true });
  const pieces = await compare('checksums', 0.000_001);
  // Two of the tables hold rows, and the larger one is read in two pieces.
  expect(pieces.steps).toBe(3);
  expect(whole.steps).toBe(1);
  expect({ ...pieces, steps: 0 }).toEqual({ ...whole, steps: 0 });
});

it('finds a row that was changed by checksums, and one that is missing by counts', async () => {
  await drain();
  await blue().query("UPDATE viridian_rehearsal.history SET note = 'changed' WHERE id = 1");
  expect(await compare('counts')).toMatchObject({ differing: 0 });
  const changed = await compare('checksums');
  expect(changed.examples).toMatchObject([{ database: 'app', table: 'viridian_rehearsal.history' }]);
  await blue().query('DELETE FROM viridian_rehearsal.history WHERE id = 1');
  const missing = await compare('counts');
  expect(missing).toMatchObject({ differing: 1, done: true });
  expect(missing.examples[0]?.rows.production).not.toBe(missing.examples[0]?.rows.target);
});

it('takes a table that one side lacks, or that has other columns, for a difference', async () => {
  await drain();
  await blue().query(
    'CREATE TABLE public.stray (id int PRIMARY KEY); ALTER TABLE viridian_rehearsal.accounts ADD COLUMN extra int',
  );
  const { examples, tables } = await compare('counts');
  expect(tables).toBe(6);
  expect(examples.map(({ table }) => table)).toEqual(
    expect.arrayContaining(['public.stray', 'viridian_rehearsal.accounts']),
  );
  await blue().query('DROP TABLE public.stray; ALTER TABLE viridian_rehearsal.accounts DROP COLUMN extra');
});
