import { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sdkStreamMixin } from '@smithy/core/serde';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as comparePlans, judge } from '../../docs/examples/hooks/plan-comparison.ts';
import { handler as smokeTest } from '../../docs/examples/hooks/smoke-test.ts';
import { readStatements } from '../../docs/examples/hooks/sql.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import { Workspace } from '../../packages/local-aws/postgres/server/workspace.ts';
import { eventAt } from './event.ts';

describe('hooks that run a file of statements on real servers', () => {
  let workspace: Workspace;
  let [blue, green] = ['', ''];
  const secrets = mockClient(SecretsManagerClient);
  const bucket = mockClient(S3Client);

  beforeAll(async () => {
    workspace = await Workspace.open();
    const servers = await Promise.all([
      workspace.startServer('blue', 16),
      workspace.startServer('green', 17),
    ]);
    const table = `CREATE TABLE orders AS SELECT number, md5(number::text) AS customer FROM generate_series(1, 20000) AS number`;
    const index = 'CREATE INDEX by_customer ON orders (customer)';
    for (const [place, server] of servers.entries())
      await withSession(ownerConnection(server, 'postgres'), async (session) => {
        for (const sql of [table, ...(place === 0 ? [index, 'ANALYZE'] : [])]) await session.query(sql);
      });
    [blue = '', green = ''] = servers.map(({ port }) => `127.0.0.1:${port}`);
    const { user } = ownerConnection(servers[0], 'postgres');
    secrets
      .on(GetSecretValueCommand)
      .resolves({ SecretString: JSON.stringify({ username: user, password: 'x' }) });
    for (const [name, value] of Object.entries({
      STATEMENTS_BUCKET: 'b',
      STATEMENTS_KEY: 'k',
      DATABASE_SECRET: 's',
      DATABASE_NAME: 'postgres',
      DATABASE_TLS: 'off',
    }))
      vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    secrets.restore();
    bucket.restore();
    await workspace?.dispose();
  });

  const give = (file: string) =>
    bucket.on(GetObjectCommand).callsFake(() => ({ Body: sdkStreamMixin(Readable.from([file])) }));

  it('pass where every statement holds', async () => {
    give(
      '-- name: orders are there\nSELECT count(*) FROM orders;\n-- name: no order without a customer\nSELECT count(*) = 0\n  FROM orders WHERE customer IS NULL;\n',
    );
    expect(await smokeTest(eventAt('testGreen', green, blue))).toMatchObject({
      verdict: 'pass',
      because: '2 statements hold',
    });
  });

  it('name each statement that does not hold, and nothing that it has read', async () => {
    give(
      '-- name: an old order\nSELECT count(*) FROM orders WHERE number < 0\n-- name: a table\nSELECT 1 FROM missing\n-- name: a write\nDELETE FROM orders\n-- name: fine\nSELECT true',
    );
    expect(await smokeTest(eventAt('verifyProduction', green, blue))).toMatchObject({
      verdict: 'fail',
      because: '3 of 4 statements do not hold: an old order, a table (42P01), a write (25006)',
    });
  });

  it('compare plans, with statistics of green, and name the scan that is new', async () => {
    give(
      "-- name: by customer\nSELECT * FROM orders WHERE customer = 'a'\n-- name: all\nSELECT count(*) FROM orders",
    );
    expect(await comparePlans(eventAt('testGreen', green, blue))).toMatchObject({
      verdict: 'fail',
      because: expect.stringMatching(
        /^by customer costs [\d.]+ times as much, with Seq Scan orders that blue does not have$/,
      ),
    });
    expect(await comparePlans(eventAt('testGreen', blue, blue))).toMatchObject({ verdict: 'pass' });
  });

  it('fail without a file', async () => {
    give('');
    expect(await smokeTest(eventAt('testGreen', green, blue))).toMatchObject({
      verdict: 'fail',
      because: 's3://b/k holds no statement',
    });
  });
});

it('a file of statements is parted by its names only', () => {
  expect(
    readStatements(
      "-- checks of the shop\n-- name: one\nSELECT ';' AS a;\n-- a comment\n-- name: two\nSELECT 2",
    ),
  ).toEqual([
    { name: 'one', text: "SELECT ';' AS a;\n-- a comment" },
    { name: 'two', text: 'SELECT 2' },
  ]);
  expect(() => readStatements('SELECT 1')).toThrow(/does not begin/);
});

it.each([
  ['the same', ['Index Scan a'], 10, undefined],
  ['another plan that is no dearer', ['Seq Scan a'], 29, undefined],
  ['a dearer one', ['Index Scan a'], 31, 'costs 3.1 times as much'],
  ['a scan', ['Seq Scan a'], 40, 'costs 4.0 times as much, with Seq Scan a that blue does not have'],
])('judges %s', (_, steps, cost, because) => {
  expect(judge({ cost: 10, steps: ['Index Scan a'] }, { cost, steps }, 3)).toBe(because);
});
