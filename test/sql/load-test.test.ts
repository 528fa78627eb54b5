import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeLoad } from '../../functions/domain/load-test/judge.ts';
import type { LoadProgress, StatementResult } from '../../functions/domain/load-test/progress.ts';
import type { LoadSource } from '../../functions/domain/load-test/source.ts';
import { ownerConnection } from '../../packages/local-aws/postgres/database.ts';
import type { Server } from '../../packages/local-aws/postgres/server/server.ts';
import { Workspace } from '../../packages/local-aws/postgres/server/workspace.ts';
import { afterwards, question } from './stage.ts';

const preload = { shared_preload_libraries: 'pg_stat_statements' };
/** A table that every statement below reads: by an index, green lacks it. */
const tables = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.orders (id int PRIMARY KEY, customer int NOT NULL, note text NOT NULL);
  INSERT INTO shop.orders SELECT n, n % 20000, repeat('x', 100) FROM generate_series(1, 200000) AS n;
  CREATE FUNCTION shop.ends_sessions() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO shop.orders VALUES (0, 0, ''); RETURN 1; END $$;
  CREATE TABLE shop.parted (id int, day int) PARTITION BY LIST (day);
  CREATE TABLE shop.parted_1 PARTITION OF shop.parted FOR VALUES IN (1);
  INSERT INTO shop.parted SELECT n, 1 FROM generate_series(1, 100000) AS n;
  ANALYZE;`;
const setup = [
  'CREATE ROLE reader LOGIN',
  'CREATE ROLE shop_app LOGIN',
  'ALTER ROLE shop_app SET search_path = shop',
  'CREATE ROLE viridian LOGIN IN ROLE pg_monitor',
];
const grants = `GRANT USAGE ON SCHEMA shop TO reader, shop_app; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO reader, shop_app; GRANT INSERT ON shop.orders TO reader`;

const byCustomer = (customer: number | string) => `SELECT note FROM shop.orders WHERE customer = ${customer}`;
/** A value of the user's data, as far as a test goes. */
const secret = 's3cr3t-of-a-person';

describe('a load test on PostgreSQL 15 and 17', () => {
  let workspace: Workspace;
  let servers: Server[];
  let [blue, green]: pg.Client[] = [];

  beforeAll(async () => {
    workspace = await Workspace.open();
    servers = await Promise.all([workspace.makeServer('blue', 15), workspace.makeServer('green', 17)]);
    for (const server of servers) {
      Object.assign(server.settings, preload);
      await server.start();
    }
    for (const server of servers) {
      const client = new pg.Client(ownerConnection(server, 'postgres'));
      await client.connect();
      for (const statement of setup) await client.query(statement);
      await client.query('CREATE DATABASE app');
      await client.end();
    }
    [blue, green] = servers.map((server) => new pg.Client(ownerConnection(server, 'app')));
    for (const [client, index] of [
      [blue, 'CREATE INDEX by_customer ON shop.orders (customer); CREATE INDEX by_id ON shop.parted_1 (id)'],
      [green, 'SELECT'],
    ] as [pg.Client, string][]) {
      await client.connect();
      await client.query(`${tables} ${index}; ${grants}`);
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.all([blue?.end(), green?.end()]);
    await workspace?.dispose();
  });

  const place = (index: number) => ({
    ...{ resourceId: `db-${index}`, host: '127.0.0.1', is: null },
    port: servers[index]?.port as number,
  });
  const asked = (source: LoadSource, more: object = {}) =>
    question('load-step', {
      ...{ blue: place(0), green: place(1), reader: { user: 'reader' }, source, runs: 3 },
      ...{ withinSeconds: 30, statementSeconds: 5, comparedSeconds: 20 },
      ...more,
    });
  async function run(source: LoadSource, more: object = {}): Promise<LoadProgress> {
    const reply = await asked(source, more);
    if (reply.kind !== 'answer') throw new Error(`${reply.kind}: ${reply.because}`);
    expect(JSON.stringify(reply)).not.toContain(secret);
    return reply.facts as LoadProgress;
  }
  const file = (...statements: string[]): LoadSource => ({ kind: 'file', database: 'app', statements });
  const judge = (progress: LoadProgress) =>
    judgeLoad(progress, { worseThan: { ratio: 2, floorMs: 1 } } as never);

  it('sees an index that green lacks: it takes longer there, by another plan', async () => {
    const progress = await run(file(byCustomer(77), `SELECT '${secret}', count(*) FROM shop.orders`));
    expect(progress.queue).toEqual([]);
    const [worse, alike] = progress.results as [StatementResult, StatementResult];
    expect(worse.plans).toEqual({
      blue: 'Bitmap Heap Scan orders (Bitmap Index Scan by by_customer)',
      green: expect.stringContaining('Seq Scan orders'),
    });
    expect(alike).toMatchObject({ number: 2, plans: null, blue: { kind: 'ran', runs: 3 } });
    const { worse: told, blockers } = judge(progress);
    expect(blockers).toEqual([]);
    expect(told).toContainEqual(expect.stringMatching(/^no\. 1 .*by another plan: .*by_customer/));
  });

  it('takes the statements of the server, without knowing their values', async () => {
    await (blue as pg.Client).query('CREATE EXTENSION pg_stat_statements');
    afterwards(() => (blue as pg.Client).query('DROP EXTENSION pg_stat_statements'));
    const app = new pg.Client({ ...ownerConnection(servers[0] as Server, 'app'), user: 'shop_app' });
    await app.connect();
    for (let round = 0; round < 5; round += 1) {
      await app.query(`SELECT note FROM orders WHERE customer = ${round} AND note <> '${secret}'`);
      await app.query(`SELECT count(*) FROM parted WHERE day = 1 AND id = ${round}`);
      await app.query('SELECT 1 FROM orders WHERE id = 1 FOR UPDATE').catch(() => {});
    }
    await app.end();
    const top: LoadSource = { kind: 'top', database: 'app', count: 20 };
    const looked = await run(top, { green: undefined });
    expect(looked.results).toEqual([]);
    expect(looked.queue.map(({ role }) => role)).toContain('shop_app');
    const progress = await run(top);
    const byApp = progress.results.find(({ text }) => text.includes('customer')) as StatementResult;
    expect(byApp).toMatchObject({
      text: 'SELECT note FROM orders WHERE customer = $1 AND note <> $2',
      blue: { kind: 'estimated' },
      plans: {
        blue: expect.stringContaining('by_customer'),
        green: expect.stringContaining('Seq Scan orders'),
      },
    });
    const parted = progress.results.find(({ text }) => text.includes('parted')) as StatementResult;
    expect(parted.plans?.blue).toContain('by_id');
    expect(judge(progress).worse).toHaveLength(2);
  });

  it('says what to do where the server keeps no statements', async () => {
    expect(await asked({ kind: 'top', database: null, count: 20 })).toMatchObject({
      kind: 'refused',
      code: 'no-statements',
      because: expect.stringContaining('CREATE EXTENSION pg_stat_statements'),
    });
  });

  it.each([
    ['a function that writes', 'SELECT shop.ends_sessions()', /it writes/],
    ['a table that is nowhere', 'SELECT * FROM shop.nothing', /a table is missing/],
    ['a table that the reader may not read', 'SELECT * FROM pg_authid', /may not read a table/],
    ['more than one statement behind a quotation mark', `SELECT E'\\'; DROP TABLE shop.orders; --'`, /^$/],
  ])('changes nothing, and tells %s', async (_what, statement, error) => {
    const { results } = await run(file(statement));
    const [{ blue: onBlue, green: onGreen }] = results as [StatementResult];
    if (onBlue.kind === 'failed') {
      expect(onBlue.error).toMatch(error);
      expect(onGreen).toEqual(onBlue);
    } else expect(String(error)).toBe('/^$/');
    for (const client of [blue, green])
      expect((await (client as pg.Client).query('SELECT count(*)::int AS n FROM shop.orders')).rows).toEqual([
        { n: 200_000 },
      ]);
  });

  it('a statement that green cannot run is a blocker', async () => {
    await (green as pg.Client).query('ALTER TABLE shop.orders RENAME COLUMN note TO remark');
    afterwards(() => (green as pg.Client).query('ALTER TABLE shop.orders RENAME COLUMN remark TO note'));
    const { blockers } = judge(await run(file('SELECT note FROM shop.orders WHERE id = 1')));
    expect(blockers).toEqual([
      expect.stringContaining('fails on green (a column is missing (42703)) and not on blue'),
    ]);
  });

  it('ends a statement that takes too long, and goes on where the last step ended', async () => {
    const slow = 'SELECT count(*) FROM pg_sleep(30)';
    const source = file(slow, 'SELECT 1');
    const first = await run(source, { statementSeconds: 0.3, withinSeconds: 0.1 });
    expect(first.results).toMatchObject([{ number: 1, blue: { kind: 'slow' }, green: { kind: 'slow' } }]);
    expect(first.queue).toHaveLength(1);
    const second = await run(source, { progress: first });
    expect(second.results).toMatchObject([{ number: 1 }, { number: 2, blue: { kind: 'ran' } }]);
    expect(second.queue).toEqual([]);
  });

  it('a lock that somebody holds on green is no fault of green', async () => {
    await (green as pg.Client).query('BEGIN; LOCK TABLE shop.orders');
    afterwards(() => (green as pg.Client).query('ROLLBACK'));
    const progress = await run(file('SELECT count(*) FROM shop.orders'), { statementSeconds: 5 });
    expect(progress.results).toMatchObject([{ green: { kind: 'failed', passing: true } }]);
    expect(judge(progress)).toMatchObject({ blockers: [], compared: 0 });
  });

  it('one server for both sides is no answer, and neither is a side that is down', async () => {
    expect(await asked(file('SELECT 1'), { green: place(0) })).toMatchObject({
      kind: 'refused',
      code: 'other-server',
    });
    expect(await asked(file('SELECT 1'), { green: { ...place(1), is: { mark: 'db-other' } } })).toMatchObject(
      {
        kind: 'refused',
        code: 'other-server',
      },
    );
    expect(await asked(file('SELECT 1'), { green: { ...place(1), port: 1 } })).toMatchObject({
      kind: 'failed',
      code: 'ECONNREFUSED',
    });
  });

  it('takes no statement that writes, whoever sends it', async () => {
    expect(await asked(file('SELECT 1', 'DELETE FROM shop.orders'))).toMatchObject({
      kind: 'refused',
      code: 'no-statements',
      because: expect.stringContaining('statement 2 begins with DELETE'),
    });
  });
});
