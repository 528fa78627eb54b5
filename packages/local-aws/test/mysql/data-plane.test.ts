import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTo } from '../../mysql/connection.ts';
import { MysqlDataPlane } from '../../mysql/data-plane.ts';
import { seriesOf } from '../../mysql/server/programs.ts';
import { providePrograms } from '../../mysql/server/provide.ts';
import { checkCounters, findKeys, seedWorkload, WORKLOAD_SCHEMA } from '../../mysql/workload.ts';

const find = (version: string) => providePrograms('mariadb', seriesOf(version));
const missing = await Promise.all([find('10.11'), find('11.8')]).then(
  () => undefined,
  (failure: Error) => failure.message,
);
if (missing) console.log(`skipped: ${missing}`);

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
    expect(tables.length).toBeGreaterThan(4);
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
