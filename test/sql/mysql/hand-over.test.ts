import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MysqlServer } from '../../../packages/local-aws/mysql/server/server.ts';
import {
  arrive,
  ask,
  cut,
  databases,
  mariadb,
  note,
  openStage,
  production,
  type Stage,
  target,
  whyNot,
} from './stage.ts';

const missing = await whyNot(mariadb);

describe.skipIf(missing)('a consumer that reads the binary log of MariaDB', () => {
  let stage: Stage;
  let reader: MysqlServer;
  beforeAll(async () => {
    stage = await openStage(mariadb);
    reader = await stage.workspace.startServer('reader', '11.8');
  }, 120_000);
  afterAll(() => stage?.close());

  const insert = async (on: Stage['onBlue'], from: number, to: number) => {
    for (let n = from; n <= to; n += 1)
      await on.query("INSERT INTO app.orders (writer, n, note) VALUES (1, ?, 'x')", [n]);
  };

  it('is found, and goes on at the handed place: it loses no row and repeats none', {
    timeout: 60_000,
  }, async () => {
    const { onBlue, onGreen } = stage;
    const consumer = await reader.connect();
    await onBlue.query("CREATE USER 'cdc'@'%'");
    await onBlue.query("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'cdc'@'%'");
    const follow = async (port: number, at: string) => {
      const [file, offset] = at.split(':');
      await consumer.query(
        `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='cdc', MASTER_LOG_FILE='${file}', MASTER_LOG_POS=${offset}, MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0`,
      );
      await consumer.query('START SLAVE');
    };
    await follow(stage.blue.port, 'mysql-bin-changelog.000001:4');
    await expect
      .poll(async () => (await ask('read-side', { ...target(stage), depth: 'server' })).consumers, {
        timeout: 20_000,
      })
      .toEqual([{ name: 'cdc at 127.0.0.1', by: 'binlog', active: true, confirmed: null }]);

    const plan = { engine: 'mariadb', replication: 'binlog', from: '10.11.18', to: '11.8.5' } as const;
    const told = await ask('preconditions', { ...target(stage), plan, told: 12 });
    expect(told['binlog-readers']).toEqual({ value: { count: 1, names: ['cdc at 127.0.0.1'] } });

    await insert(onBlue, 1, 20);
    const before = await note(stage);
    await cut(stage);
    const changes = await note(stage);
    const { secured } = await ask('secure', {
      ...production(stage),
      databases,
      applicationRoles: [],
      before,
      changes,
    });
    await insert(onGreen, 21, 30);
    const { log: ended } = await ask('read-side', { ...target(stage), depth: 'server' });
    const at = secured[0]?.start ?? '';
    const { log: begins } = await ask('read-side', { ...production(stage), depth: 'server', at });
    expect(begins?.position).toBe(at);

    const [file, offset] = (ended?.position ?? '').split(':');
    const [waited] = await consumer.query('SELECT MASTER_POS_WAIT(?, ?, 10) AS waited', [
      file,
      Number(offset),
    ]);
    expect(Number(waited?.waited)).toBeGreaterThanOrEqual(0);
    // The set of the place where green begins has everything that blue had at its end.
    const [read] = await consumer.query('SELECT @@GLOBAL.gtid_slave_pos AS gtid');
    expect(String(read?.gtid).split(',')[0]).toBe(ended?.gtid?.split(',')[0]);
    await consumer.query('STOP SLAVE');
    await follow(stage.green.port, at);
    await insert(onGreen, 31, 40);
    await arrive(onGreen, consumer);
    const keys = await consumer.query('SELECT n FROM app.orders WHERE writer = 1 ORDER BY id');
    expect(keys.map(({ n }) => Number(n))).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    const [state] = await consumer.query('SHOW SLAVE STATUS');
    expect(state).toMatchObject({ Slave_SQL_Running: 'Yes', Last_SQL_Errno: 0 });
    consumer.end();
  });
});
