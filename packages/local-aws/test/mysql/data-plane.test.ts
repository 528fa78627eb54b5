import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDumpFile } from '../../dump/script-file.ts';
import { connectTo } from '../../mysql/connection.ts';
import { MysqlDataPlane } from '../../mysql/data-plane.ts';
import { loadDump } from '../../mysql/dump/dump.ts';
import { seriesOf } from '../../mysql/server/programs.ts';
import { providePrograms } from '../../mysql/server/provide.ts';
import { checkCounters, findKeys, seedWorkload, WORKLOAD_SCHEMA } from '../../mysql/workload.ts';
import { whyLeftOut } from '../debian/left-out.ts';

const find = (version: string) => providePrograms('mariadb', seriesOf(version));
const missing = await whyLeftOut(() => Promise.all([find('10.11'), find('11.8')]));

const nasty = fileURLToPath(new URL('./dumps/nasty.sql', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mysql-dump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const madeFor = (account: string) =>
  `the dump does not make the account ${account}, as which things run; it was made, locked, with all rights on the schemas of the dump`;

const names = { production: 'orders', green: 'orders-green-a1b2c3', oldBlue: 'orders-old1' };

describe.skipIf(missing)('the data plane of real servers of MariaDB', () => {
  let plane: MysqlDataPlane;
  beforeAll(async () => {
    plane = await MysqlDataPlane.open({ find });
    await plane.createDatabase('db-blue', '10.11.15');
    await plane.pointEndpoint(names.production, 'db-blue');
    await seedWorkload(plane.database('db-blue'), 'app', 100);
  }, 120_000);
  afterAll(() => plane?.dispose());

  const readOne = async (resourceId: string, sql: string) =>
    Object.values((await plane.database(resourceId).sql.query(sql))[0] ?? {}).join(' ');

  it('loads a dump of everything that is awkward, byte by byte', async () => {
    const { tables, rows, warnings } = await loadDump(plane.database('db-blue'), nasty, {
      ownSchemas: ['rehearsal'],
    });
    expect({ tables, rows }).toEqual({ tables: 10, rows: 13 });
    expect(warnings.map((text) => text.replace(/^line \d+: /, ''))).toEqual(
      ["'gone'@'10.%'", "'root'@'localhost'", "'ghost'@'%'"].map((account) => madeFor(account)),
    );
    expect(
      await readOne('db-blue', 'SELECT name, HEX(raw), born, HEX(bits) FROM shop.customers WHERE id = 1'),
    ).toBe(`Änne; "O'Brien" -- x /* y */ 00FF27225C0A0D1A80 0000-00-00 155`);
    expect(await readOne('db-blue', 'SELECT HEX(t) FROM `old-stock`.legacy')).toBe('6E61EF7665');
    expect(await readOne('db-blue', 'SELECT COUNT(*) FROM shop.two')).toBe('2');
    expect(await readOne('db-blue', 'SELECT shop.twice(21)')).toBe('42');
  });

  it.each([
    [
      'a collation of the other family',
      'CREATE TABLE t (a TEXT) COLLATE utf8mb4_0900_ai_ci;',
      /line 2: .*0900.*--engine mysql/s,
    ],
    [
      'rows in a file of the server',
      "LOAD DATA INFILE '/tmp/t' INTO TABLE t;",
      /line 2: .*file of the server/s,
    ],
    ['a command of the client', 'source other.sql', /line 2: a command of the client.*source other.sql/s],
    ['letters that hold signs of quotes', 'SET NAMES gbk;', /line 2: .*gbk.*utf8mb4/s],
    ['no end', "INSERT INTO t VALUES ('", /line 2: the file ends inside/],
    ['nothing', 'USE mysql;\nCREATE TABLE t (a INT);', /no table came from it/],
    ['a mistake', 'CREATE TABLE t (a INTT);', /line 2: .*INTT/s],
  ])('refuses %s with line and reason', async (_what, text, expected) => {
    const file = join(folder, 'refused.sql');
    writeFileSync(file, `-- MariaDB dump 10.19\n${text}\n`);
    await expect(loadDump(plane.database('db-blue'), file)).rejects.toThrow(expected);
  });

  it('refuses what is no dump of this family before any server starts, and reads what is packed', async () => {
    const write = (name: string, bytes: string | Buffer) => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const check = (file: string) => checkDumpFile(file, true, 'mysql');
    await expect(check(write('pg.sql', '--\n-- PostgreSQL database dump\n--\n'))).rejects.toThrow(
      /--engine postgres/,
    );
    await expect(check(write('pg.dump', 'PGDMP...'))).rejects.toThrow(/custom archive of pg_dump.*mysqldump/);
    await expect(check(folder)).rejects.toThrow(/mydumper/);
    await check(write('packed.sql.gz', gzipSync('-- MySQL dump 10.13\n')));
    await check(nasty);
    await expect(checkDumpFile(nasty, true)).rejects.toThrow(/--engine mariadb/);
  });

  it('builds green, cuts over to it, and holds the same rows on both sides then', async () => {
    await plane.buildGreen({
      deployment: 'bgd',
      blue: 'db-blue',
      green: 'db-green',
      engineVersion: '11.8.5',
    });
    expect(await plane.replication('bgd')).toMatchObject({ state: 'replicating' });
    expect(await plane.guardrails('bgd')).toEqual([]);
    const app = { port: plane.endpoint(names.production).port, user: 'app', database: WORKLOAD_SCHEMA };
    const session = await connectTo(app);
    await session.query(
      'INSERT INTO orders (writer, n, account_id, quantity, unit_price) VALUES (1, 1, 1, 1, 1)',
    );
    const pair = { ...names, blueResource: 'db-blue', greenResource: 'db-green' };
    expect(await plane.cutOver({ deployment: 'bgd', timeoutMs: 60_000, pairs: [pair] })).toEqual({
      done: true,
    });
    await expect(session.query('SELECT 1')).rejects.toThrow();
    session.end();
    const tables = await plane.comparisonAtCut('bgd');
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'old-stock.legacy',
        'shop.customers',
        'shop.history',
        `${WORKLOAD_SCHEMA}.orders`,
      ]),
    );
    expect(tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(plane.logPosition('bgd')?.file).toMatch(/^mysql-bin-changelog\.\d{6}$/);
    expect([await plane.isWritable('db-blue'), await plane.isWritable('db-green')]).toEqual([false, true]);
    const again = await connectTo(app);
    const [row] = await again.query('SELECT VERSION() AS version');
    expect(String(row?.version)).toMatch(/^11\.8/);
    again.end();
    expect((await findKeys(plane.database('db-green'))).orders.get('1/1')).toBe(1);
    expect((await checkCounters(plane.database('db-green'))).filter(({ ahead }) => !ahead)).toEqual([]);
  }, 60_000);

  it('clones a running server as of its storage', async () => {
    await plane.database('db-blue').sql.query("GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO 'app'@'%'");
    await plane.cloneDatabase('db-blue', 'db-clone');
    const rights = await plane.database('db-clone').sql.query("SHOW GRANTS FOR 'app'@'%'");
    expect(JSON.stringify(rights)).toMatch(/EXECUTE ON PROCEDURE `mysql`.`rds_kill`/);
    expect((await findKeys(plane.database('db-clone'))).orders.get('1/1')).toBe(1);
    expect(await plane.isWritable('db-clone')).toBe(true);
  }, 60_000);
});
