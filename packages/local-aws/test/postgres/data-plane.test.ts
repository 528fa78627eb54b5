import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { UnreplicatedChanges } from '../../postgres/unreplicated.ts';
import { compareTables } from '../../postgres/verify.ts';
import { BUILD, clientOf, codeOf, openBlue, openPair } from './plane.ts';

/** Everything that replication leaves on a database. */
async function leftoversOn(plane: PostgresDataPlane, resourceId: string): Promise<string[]> {
  const { rows } = await plane.database(resourceId).sql.query<{ what: string }>(
    `SELECT 'slot ' || slot_name AS what FROM pg_replication_slots UNION ALL
     SELECT 'publication ' || pubname FROM pg_publication UNION ALL
     SELECT 'subscription ' || subname FROM pg_subscription`,
  );
  return rows.map((row) => row.what);
}

describe('a green that cannot be built', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openBlue({ limits: { slotMs: 3_000 } });
  });
  afterAll(() => plane.dispose());

  it('for a transaction that holds up the slot: nothing is left on blue', async () => {
    const client = await clientOf(plane, 'shop');
    await client.query('BEGIN; UPDATE viridian_rehearsal.accounts SET changed_at = now() WHERE id = 1');
    await expect(plane.buildGreen(BUILD)).rejects.toThrow('a transaction that writes was open');
    await client.query('ROLLBACK');
    expect(await leftoversOn(plane, 'db-blue')).toEqual([]);
    expect(await plane.isWritable('db-blue')).toBe(true);
  });

  it('for a table that nobody told the loader of', async () => {
    const { sql } = plane.database('db-blue');
    await sql.query('CREATE TABLE by_hand (id int PRIMARY KEY)');
    await expect(plane.buildGreen(BUILD)).rejects.toThrow(/not made through .* public\.by_hand/);
    await sql.query('DROP TABLE by_hand');
  });

  it('for a publication of its own, and everything else is named with it', async () => {
    const { sql } = plane.database('db-blue');
    await sql.query(
      'CREATE PUBLICATION feed FOR ALL TABLES; CREATE TABLE jobs (id int PRIMARY KEY, what regproc)',
    );
    const reasons = await plane.whyNoGreen('db-blue', '17.4');
    expect(reasons).toEqual([
      expect.stringMatching(/publication feed\. Drop it/),
      expect.stringMatching(/public\.jobs\.what \(regproc\)/),
    ]);
    await expect(plane.buildGreen(BUILD)).rejects.toThrow(reasons.join(' '));
    expect(await leftoversOn(plane, 'db-blue')).toEqual(['publication feed']);
    await sql.query('DROP PUBLICATION feed; DROP TABLE jobs');
    expect(await plane.whyNoGreen('db-blue', '17.4')).toEqual([]);
  });
});

describe('a database that replication does not carry whole', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openBlue();
    await plane.loadSchema(
      'db-blue',
      `CREATE TABLE keyless (n int); INSERT INTO keyless VALUES (1);
       CREATE UNLOGGED TABLE quick (id int PRIMARY KEY); INSERT INTO quick VALUES (1), (2)`,
    );
    await blue().query("SELECT lo_from_bytea(4711, 'a letter')");
    await plane.buildGreen(BUILD);
  });
  afterAll(() => plane.dispose());
  const blue = () => plane.database('db-blue').sql;

  it('takes no UPDATE and no DELETE any more where nothing identifies a row', async () => {
    expect(await codeOf(blue().query('UPDATE keyless SET n = 2'))).toBe('55000');
    expect(await codeOf(blue().query('DELETE FROM keyless'))).toBe('55000');
    expect(await codeOf(blue().query('INSERT INTO keyless VALUES (2)'))).toBe('none');
  });

  it('has unlogged tables without rows on green, and no large objects', async () => {
    const tables = await compareTables(blue(), plane.database('db-green').sql);
    const unequal = tables.filter(({ name, equal }) => !equal && name !== 'public.keyless');
    expect(unequal.map(({ name, rows }) => [name, rows])).toEqual([
      ['public.quick', 2],
      ['large objects', 1],
    ]);
  });

  it('is degraded for good when its schema changes', async () => {
    expect(await plane.guardrails('bgd-1')).toEqual([]);
    await blue().query('ALTER TABLE keyless ADD late int');
    const degraded = expect.stringContaining('not replicated: column public.keyless.late. Delete');
    await expect
      .poll(() => plane.replication('bgd-1'), { timeout: 30_000 })
      .toMatchObject({ state: 'degraded', message: degraded });
    await blue().query('ALTER TABLE keyless DROP late');
    expect(await plane.guardrails('bgd-1')).toEqual([degraded]);
  });

  it.each([
    ['a large object is made', "SELECT lo_from_bytea(4712, 'another')", 'large object 4712'],
    ['a large object is changed', "SELECT lo_put(4711, 0, 'A')", 'large object 4711'],
    ['a table is made', 'CREATE TABLE late (id int)', 'column public.late.id, table public.late'],
    ['a column gets another type', 'ALTER TABLE keyless ALTER n TYPE bigint', 'column public.keyless.n'],
    ['an index is made', 'CREATE INDEX later ON quick (id)', 'index public.later'],
    [
      'temporary tables come and rows change',
      'CREATE TEMP TABLE passing (id int); TRUNCATE quick',
      undefined,
    ],
  ])('notices when %s', async (_what, statement, named) => {
    const changes = await UnreplicatedChanges.of(plane.database('db-blue'));
    await blue().query(statement);
    const found = await changes.find();
    if (named === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(`not replicated: ${named}. Delete`);
  });
});

it('a build that is in the way when the rehearsal ends fails, and nothing waits for it', async () => {
  const plane = await openBlue();
  const folder = plane.workspace.folder;
  const client = await clientOf(plane, 'shop');
  await client.query('BEGIN; UPDATE viridian_rehearsal.accounts SET changed_at = now() WHERE id = 1');
  const build = plane.buildGreen(BUILD).then(
    () => 'built',
    () => 'failed',
  );
  while ((await leftoversOn(plane, 'db-blue')).length === 0);
  await plane.dispose();
  expect(await build).toBe('failed');
  expect(existsSync(folder)).toBe(false);
});

describe('a pair', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openPair();
  });
  afterAll(() => plane.dispose());

  it('has the roles of blue, with their settings, on green', async () => {
    const { rows } = await plane
      .database('db-green')
      .sql.query(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('app', 'postgres', 'rds_replication') ORDER BY 1",
      );
    expect(rows.map((row) => row.rolname)).toEqual(['app', 'postgres', 'rds_replication']);
  });

  it('replicates into a green that applications cannot write to', async () => {
    const blue = await clientOf(plane, 'shop');
    await blue.query(
      "INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (9, 9, 'marker')",
    );
    const green = await clientOf(plane, 'shop-green-a1b2c3');
    const arrived = async () =>
      (await green.query("SELECT FROM viridian_rehearsal.history WHERE note = 'marker'")).rowCount;
    while ((await arrived()) === 0);
    expect(await codeOf(green.query('DELETE FROM viridian_rehearsal.history'))).toBe('25006');
  });

  it('warns of a green that was opened, and of a writer there', async () => {
    await plane.setWritable('db-green', true);
    const writer = await clientOf(plane, 'shop-green-a1b2c3');
    await writer.query('BEGIN; UPDATE viridian_rehearsal.accounts SET balance = 1 WHERE id = 1');
    expect(await plane.guardrails('bgd-1')).toEqual([
      expect.stringContaining('A session writes on green'),
      'Green accepts writes of applications.',
    ]);
    await plane.setWritable('db-green', false);
    expect(await codeOf(writer.query('COMMIT'))).not.toBe('none');
    expect(await plane.guardrails('bgd-1')).toEqual([]);
  });

  it('warns of somebody else who reads from blue', async () => {
    const { sql } = plane.database('db-blue');
    await sql.query("SELECT pg_create_logical_replication_slot('theirs', 'pgoutput')");
    expect(await plane.guardrails('bgd-1')).toEqual([expect.stringContaining('slot theirs')]);
    await sql.query("SELECT pg_drop_replication_slot('theirs')");
  });

  it('reports a subscription that was switched off', async () => {
    const { green, name } = plane.link('bgd-1');
    await green.sql.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
    expect(await plane.replication('bgd-1')).toMatchObject({
      state: 'degraded',
      message: expect.stringContaining('disabled'),
    });
    await green.sql.query(`ALTER SUBSCRIPTION ${name} ENABLE`);
    while ((await plane.replication('bgd-1')).state !== 'replicating');
  });

  it('gives a snapshot of a running server that another server starts from', async () => {
    const { sql } = plane.database('db-blue');
    const count = "SELECT count(*)::int AS n FROM viridian_rehearsal.history WHERE note = 'kept'";
    await sql.query(
      "INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, 'kept')",
    );
    await plane.takeSnapshot('db-blue', 'before');
    await sql.query("DELETE FROM viridian_rehearsal.history WHERE note = 'kept'");
    await plane.restoreSnapshot('before', 'db-restored');
    expect((await plane.database('db-restored').sql.query(count)).rows[0].n).toBe(1);
    expect((await sql.query(count)).rows[0].n).toBe(0);
    expect(await leftoversOn(plane, 'db-restored')).toEqual([expect.stringContaining('publication rds_')]);
    await plane.removeDatabase('db-restored');
  });

  it('ends with a green of its own, writable, and nothing left on blue', async () => {
    await plane.endReplication('bgd-1');
    expect(await plane.isWritable('db-green')).toBe(true);
    expect(await plane.isWritable('db-blue')).toBe(true);
    expect(await leftoversOn(plane, 'db-blue')).toEqual([]);
    expect(await leftoversOn(plane, 'db-green')).toEqual([]);
    expect(await plane.replication('bgd-1')).toMatchObject({ state: 'stopped', lagSeconds: null });
    await plane.endReplication('bgd-1');
  });

  it('can be built again, and ended after its green was removed', async () => {
    await plane.removeDatabase('db-green');
    await plane.buildGreen({ ...BUILD, deployment: 'bgd-2' });
    await plane.removeDatabase('db-green');
    expect(await leftoversOn(plane, 'db-blue')).toHaveLength(2);
    await plane.endReplication('bgd-2');
    expect(await leftoversOn(plane, 'db-blue')).toEqual([]);
    await plane.removeDatabase('db-green');
  });
});
