import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPostgres } from '../../functions/domain/model/engine.ts';
import type { SqlFound, SqlLook, UpgradePlan } from '../../functions/domain/preconditions/by-sql/check.ts';
import { sqlChecks } from '../../functions/domain/preconditions/by-sql/list.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { clientAt } from '../../packages/local-aws/test/postgres/plane.ts';
import { type Defect, defects, others } from '../domain/preconditions/sql-defects.ts';
import { openBareServer } from './bare-server.ts';
import { afterwards, ask, openBlueStage, target, until } from './stage.ts';

const plan: UpgradePlan = { engine: 'postgres', replication: 'logical', from: '15.8', to: '17.4' };

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openBlueStage();
});
afterAll(() => plane.dispose());

const sql = () => plane.database('db-blue').sql;
const look = (told = 12): Promise<SqlLook> => ask('preconditions', { ...target(plane), plan, told });

/** What checks found, by their id; without those that found nothing. */
function found(seen: SqlLook): Record<string, string[]> {
  const values = Object.entries(seen).map(([id, one]) => [id, (one as { value: SqlFound }).value] as const);
  return Object.fromEntries(
    values.filter(([, { count }]) => count > 0).map(([id, { names }]) => [id, names]),
  );
}

/** Some statements must not share the transaction that a text of several is. */
async function run(text: string): Promise<void> {
  const alone = /^(CREATE|DROP) DATABASE|^(SELECT pg_|ALTER SUB|DROP SUB)/;
  for (const statement of alone.test(text) ? text.split('; ') : [text]) await sql().query(statement);
  if (text.startsWith('CREATE DATABASE')) await sql().query('ALTER DATABASE archive ALLOW_CONNECTIONS false');
}

it('finds nothing in a database that is prepared for it', async () => {
  expect(found(await look())).toEqual({});
});

it.each(defects.map((defect) => [defect.what, defect] as const))(
  'finds %s, and nothing else, until it is gone',
  async (_what, { rule, make, remove, names }: Defect) => {
    afterwards(() => run(remove));
    await run(make);
    expect(found(await look())).toEqual({ [rule]: names });
    await run(remove);
    expect(found(await look())).toEqual({});
  },
);

it('has a defect for every check of the family', () => {
  const covered = new Set([...defects, ...others].map(({ rule }) => rule));
  const ofFamily = sqlChecks.filter(({ engines }) => engines.some(isPostgres));
  expect(ofFamily.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

it('finds a prepared transaction once it is forgotten', { timeout: 30_000 }, async () => {
  const client = await clientAt(target(plane).port);
  afterwards(() => sql().query("ROLLBACK PREPARED 'forgotten'"));
  await client.query('BEGIN; INSERT INTO viridian_rehearsal.accounts (id) VALUES (100000)');
  await client.query("PREPARE TRANSACTION 'forgotten'");
  expect(found(await look())).toEqual({});
  await until(async () => 'prepared-transactions' in found(await look()));
  expect(found(await look())['prepared-transactions']?.[0]).toMatch(/^'forgotten' of app in app, since 20/);
});

it('finds a change of the schema in progress', async () => {
  const client = await clientAt(target(plane).port, 'postgres');
  await client.query('BEGIN; ALTER TABLE viridian_rehearsal.accounts ADD COLUMN later int');
  expect(found(await look())['long-ddl']).toEqual([
    expect.stringMatching(/^process \d+ has viridian_rehearsal\.accounts locked in app$/),
  ]);
  await client.query('ROLLBACK');
  expect(found(await look())).toEqual({});
});

/** Five minutes are not waited for here: the query is asked with another limit. */
it('finds a transaction that is left open', async () => {
  const { query } = sqlChecks.find(({ id }) => id === 'long-transactions') ?? {};
  const client = await clientAt(target(plane).port);
  await client.query('BEGIN; SELECT 1');
  const soon = String(query).replace("interval '5 min'", "interval '0 s'");
  expect(soon).not.toBe(query);
  const { rows } = await sql().query<{ format: string }>(soon);
  expect(rows.map(({ format }) => format)).toContainEqual(
    expect.stringMatching(/^process \d+ of app in app for \d+ s \(idle in transaction\)$/),
  );
});

it('makes only that check unreadable whose query fails', async () => {
  afterwards(() => sql().query('GRANT SELECT ON pg_catalog.pg_publication TO PUBLIC'));
  await sql().query('REVOKE SELECT ON pg_catalog.pg_publication FROM PUBLIC');
  const seen = await look();
  expect(Object.entries(seen).filter(([, one]) => 'unreadable' in one)).toEqual([
    [
      'foreign-publications',
      { unreadable: expect.stringMatching(/in database .*a right is missing.*42501/) },
    ],
  ]);
});

it('does not take a database that it may not enter for one without findings', async () => {
  await sql().query('CREATE DATABASE other');
  afterwards(() => sql().query('DROP DATABASE other'));
  await sql().query('REVOKE CONNECT ON DATABASE other FROM PUBLIC');
  const { 'primary-keys': keys, 'wal-level': level } = await look();
  expect(keys).toEqual({ unreadable: 'in database other: GRANT CONNECT ON DATABASE other TO viridian;' });
  expect(level).toEqual({ value: { count: 0, names: [] } });
});

describe('a server without room for replication', () => {
  it('says so before anything is built', { timeout: 60_000 }, async () => {
    const server = await openBareServer(plane.workspace, {
      wal_level: 'replica',
      max_logical_replication_workers: 0,
      autovacuum_max_workers: 3,
      max_parallel_workers: 8,
    });
    afterwards(() => server.stop());
    await server.query('CREATE ROLE viridian LOGIN; GRANT pg_monitor TO viridian');
    await server.query('ALTER SYSTEM SET max_files_per_process = 999');
    await server.query('SELECT pg_reload_conf()');
    const look = () => ask('preconditions', { ...server.place, plan, told: 12 });
    await until(async () => 'pending-restart' in found(await look()));
    const seen = await look();
    const names = Object.fromEntries(others.map((other) => [other.rule, other.names]));
    expect(found(seen)).toEqual({
      'wal-level': names['wal-level'],
      'replication-capacity': names['replication-capacity'],
      'worker-processes': names['worker-processes'],
      'pending-restart': names['pending-restart'],
    });
  });
});

describe('a large server', () => {
  it('is asked no question a table, and its answer is short', { timeout: 240_000 }, async () => {
    afterwards(() => run('DROP SCHEMA large CASCADE').then(() => dropDatabases()));
    await sql().query('CREATE SCHEMA large');
    for (let from = 0; from < 5_000; from += 500)
      await sql().query(
        `DO $$ BEGIN FOR n IN ${from}..${from + 499} LOOP EXECUTE format('CREATE TABLE large.%s (word text)', 't' || n || repeat('x', 50)); END LOOP; END $$`,
      );
    for (let n = 0; n < 19; n += 1) await sql().query(`CREATE DATABASE d${n}`);
    const seen = await look();
    expect(seen['primary-keys']).toMatchObject({ value: { count: 5_000 } });
    expect(JSON.stringify(seen).length).toBeLessThan(16_384);
    expect(seen['replication-capacity']).toMatchObject({ value: { count: 0 } });
  });

  async function dropDatabases() {
    for (let n = 0; n < 19; n += 1) await sql().query(`DROP DATABASE IF EXISTS d${n}`);
  }
});
