import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../../functions/sql/mysql/probe.ts';
import { withSession } from '../../../functions/sql/mysql/session.ts';
import { configureSql } from '../../../functions/sql/settings.ts';
import { connectTo } from '../../../packages/local-aws/mysql/connection.ts';
import { copyFrozen } from '../../../packages/local-aws/mysql/frozen-copy.ts';
import {
  arrive,
  ask,
  cut,
  databases,
  mariadb,
  note,
  openStage,
  openWayBack,
  placeOf,
  production,
  refusal,
  type Stage,
  sides,
  target,
  whyNot,
} from './stage.ts';

const missing = await whyNot(mariadb);

/** How often a piece of work signs in. */
async function countSignIns(work: () => Promise<unknown>): Promise<number> {
  let signIns = 0;
  const credentials = async (_place: unknown, { user }: { user: string }) => {
    signIns += 1;
    return { user };
  };
  configureSql({ credentials, tls: 'off' });
  await work();
  return signIns;
}

const asApp = (stage: Stage, side: 'blue' | 'green') =>
  connectTo({ port: stage[side].port, user: 'app', database: 'app' });

describe.skipIf(missing)('the target before it receives the stream', () => {
  let stage: Stage;
  let before: Awaited<ReturnType<typeof note>>;
  /** The only rows that blue writes from there to the cut have no key. */
  let beforeKeyless: typeof before;
  let shownBefore: (string | null)[];
  beforeAll(async () => {
    stage = await openStage(mariadb);
    before = await note(stage);
    const look = async () => (await ask('takes-writes', { ...production(stage), databases })).because;
    const closed = await look();
    await stage.onGreen.query('SET GLOBAL read_only = 0');
    shownBefore = [closed, await look()];
    await stage.onGreen.query('SET GLOBAL read_only = 1');
    await stage.onBlue.query('INSERT INTO app.orders (writer, n) VALUES (1, 1)');
    await stage.onBlue.query('CREATE TABLE app.visits (page VARCHAR(20), n INT) ENGINE=InnoDB');
    await arrive(stage.onBlue, stage.onGreen);
    beforeKeyless = await note(stage);
    await stage.onBlue.query("INSERT INTO app.visits VALUES ('home', 1), ('cart', 2)");
    await cut(stage);
  }, 120_000);
  afterAll(() => stage?.close());

  const fence = () => refusal('fence', { ...target(stage), databases, side: 'target' });
  const attach = async (change: object = {}) => {
    const { secured } = await secure();
    return refusal('attach', {
      ...sides(stage),
      databases,
      secured: secured.map((one) => ({ ...one, ...change })),
    });
  };
  const secure = async () =>
    ask('secure', {
      ...production(stage),
      databases,
      applicationRoles: [],
      before,
      changes: await note(stage),
    });

  it('was written by blue until the cut, and the boundary lies behind all of it', async () => {
    const { secured } = await secure();
    await stage.onGreen.query('INSERT INTO app.orders (writer, n) VALUES (1, 2)');
    const again = await secure();
    expect(secured[0]).toMatchObject({ origin: stage.blue.serverId, early: false });
    expect(again.secured[0]?.start).toBe(secured[0]?.start);
  });

  it('is told from green, which shows that it takes writes after the cut and not before', async () => {
    expect(shownBefore).toEqual(['the server is read-only', 'a stream from 127.0.0.1 still writes there']);
    expect(await ask('takes-writes', { ...production(stage), databases })).toEqual({
      because: null,
      changes: await note(stage),
    });
  });

  it('has nothing probed in its place, where a name leads to green from one session to the next', async () => {
    const server = { ...production(stage), login: { user: 'viridian' } };
    const meant = { ...server, is: target(stage).is };
    const welcomes = await withSession(server, async (session) => [
      await probe(session, server),
      await probe(session, meant).catch(({ code }) => code),
    ]);
    expect(welcomes).toEqual(['writable', 'other-server']);
  });

  it('is not secured where green was not looked at before the cut', async () => {
    const changes = await note(stage);
    expect(
      await refusal('secure', { ...production(stage), databases, applicationRoles: [], changes }),
    ).toMatchObject({
      code: 'not-secured',
    });
  });

  it('is refused while it takes writes', async () => {
    await stage.onBlue.query('SET GLOBAL read_only = 0');
    expect((await fence()).code).toBe('not-fenced');
    await stage.onBlue.query('SET GLOBAL read_only = 1');
    expect((await fence()).code).toBe('answered');
  });

  it('is refused while an account is stronger than read_only', async () => {
    await stage.onBlue.query("CREATE USER 'boss'@'%'");
    await stage.onBlue.query("GRANT SUPER, READ_ONLY ADMIN ON *.* TO 'boss'@'%'");
    const refused = await fence();
    expect(refused.code).toBe('not-fenced');
    expect(refused.because).toContain("'boss'@'%'");
    await stage.onBlue.query("DROP USER 'boss'@'%'");
  });

  it('is refused while an account is stronger than read_only by a role', async () => {
    for (const statement of ['CREATE ROLE strong', 'GRANT READ_ONLY ADMIN ON *.* TO strong'])
      await stage.onBlue.query(statement);
    await stage.onBlue.query("CREATE USER 'boss'@'%'");
    expect((await fence()).code).toBe('answered');
    await stage.onBlue.query("GRANT strong TO 'boss'@'%'");
    expect(await fence()).toMatchObject({
      code: 'not-fenced',
      because: expect.stringContaining("'boss'@'%'"),
    });
    await stage.onBlue.query("DROP USER 'boss'@'%'");
    await stage.onBlue.query('DROP ROLE strong');
  });

  it('is refused while an event runs whose definer is stronger than read_only, although nobody may sign in as that one', async () => {
    for (const statement of [
      "CREATE USER 'boss'@'%' ACCOUNT LOCK",
      "GRANT READ_ONLY ADMIN, EVENT, INSERT ON *.* TO 'boss'@'%'",
      "CREATE DEFINER='boss'@'%' EVENT app.nightly ON SCHEDULE EVERY 1 DAY DO DO 0",
    ])
      await stage.onBlue.query(statement);
    expect((await fence()).code).toBe('answered');
    await stage.onBlue.query('SET GLOBAL event_scheduler = ON');
    expect(await fence()).toMatchObject({
      code: 'overridden',
      because: expect.stringContaining('app.nightly'),
    });
    await stage.onBlue.query('SET GLOBAL event_scheduler = OFF');
    await stage.onBlue.query('DROP EVENT app.nightly');
    await stage.onBlue.query("DROP USER 'boss'@'%'");
  });

  it('is refused while a transaction is prepared there', async () => {
    const session = await stage.blue.connect('app');
    await session.query("XA START 'forgotten'");
    await session.query('INSERT INTO orders (writer, n) VALUES (8, 8)');
    await session.query("XA END 'forgotten'");
    await session.query("XA PREPARE 'forgotten'");
    expect(await fence()).toMatchObject({ code: 'writers', because: expect.stringContaining('forgotten') });
    await session.query("XA ROLLBACK 'forgotten'");
    session.end();
  });

  it('is not attached while it takes writes', async () => {
    await stage.onBlue.query('SET GLOBAL read_only = 0');
    expect(await attach()).toMatchObject({
      code: 'not-fenced',
      because: expect.stringContaining('could write beside the stream'),
    });
    await stage.onBlue.query('SET GLOBAL read_only = 1');
  });

  it('is not attached while it passes over rows that are missing', async () => {
    await stage.onBlue.query("SET GLOBAL slave_exec_mode = 'IDEMPOTENT'");
    expect((await attach()).code).toBe('overridden');
    await stage.onBlue.query("SET GLOBAL slave_exec_mode = 'STRICT'");
  });

  it('is not attached from an uncertain beginning, unless it is the server that wrote what comes twice', async () => {
    expect((await attach({ early: true, origin: 4_711 })).code).toBe('not-secured');
  });

  it('is not attached from an uncertain beginning where it is a clone, which doubles rows without key and tells nobody', async () => {
    const folder = join(stage.workspace.folder, 'data-of-the-clone');
    await copyFrozen(stage.blue, folder);
    const clone = await stage.workspace.startServerFrom('clone', mariadb.from, folder);
    const onClone = await clone.connect();
    await onClone.query('SET GLOBAL read_only = 1');
    const { secured } = await secure();
    const from = (early: boolean) =>
      refusal('attach', {
        production: production(stage),
        target: placeOf(clone),
        databases,
        secured: secured.map((one) => ({ ...one, start: beforeKeyless.app ?? '', early })),
      });
    const visits = () => onClone.query('SELECT page, n FROM app.visits ORDER BY n');
    const home = { page: 'home', n: 1 };
    const cart = { page: 'cart', n: 2 };
    expect(await from(true)).toMatchObject({
      code: 'not-secured',
      because: expect.stringContaining('rows would come twice'),
    });
    expect(await visits()).toEqual([home, cart]);
    // From the same beginning, were it taken for certain: what the refusal keeps from happening.
    expect((await from(false)).code).toBe('answered');
    await arrive(stage.onGreen, onClone);
    expect(await visits()).toEqual([home, home, cart, cart]);
    const streams = { production: production(stage), target: placeOf(clone), databases };
    expect((await ask('read-streams', streams)).streams).toMatchObject([
      { subscription: { enabled: true, workerAlive: true } },
    ]);
    onClone.end();
    await stage.workspace.remove(clone);
  });

  it('is not attached while it follows another server', async () => {
    await stage.onBlue.query(
      "CALL mysql.rds_set_external_master('127.0.0.1', 1, 'other', '', 'log.000001', 4, 0)",
    );
    expect((await attach()).code).toBe('foreign');
    await stage.onBlue.query('CALL mysql.rds_reset_external_master()');
  });

  it('passes over its own rows from a beginning that is too early', async () => {
    const { secured } = await secure();
    const early = secured.map((one) => ({ ...one, start: before.app ?? '', early: true }));
    await ask('attach', { ...sides(stage), databases, secured: early });
    await stage.onGreen.query('INSERT INTO app.orders (writer, n) VALUES (1, 3)');
    const { positions } = await ask('fence', { ...production(stage), databases });
    const { databases: arrived } = await ask('drained', {
      ...production(stage),
      target: target(stage),
      positions,
    });
    expect(arrived).toMatchObject([{ drained: true }]);
    expect(await stage.onBlue.query('SELECT n FROM app.orders WHERE writer = 1 ORDER BY n')).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
  });
});

describe.skipIf(missing)('new production while its stream flows', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(mariadb);
    await openWayBack(stage);
  }, 120_000);
  afterAll(() => stage?.close());

  const fence = () => refusal('fence', { ...production(stage), databases });
  const stay = () => ask('open', { databases, open: production(stage), closed: target(stage) });

  it('answers in the session of the last question, and in a new one where that was ended or the last question was refused', async () => {
    const at = { ...target(stage), databases };
    const look = () => ask('foreign-writers', at);
    const ours = async () =>
      (await stage.onBlue.query("SELECT id FROM information_schema.processlist WHERE user = 'viridian'"))
        .length;
    // It is fenced and attached, and left alone: a session of ours would look like a client that stays.
    await expect.poll(ours).toBe(0);
    await look();
    expect(await countSignIns(look)).toBe(0);
    expect(await ours()).toBe(1);
    await stage.onBlue.query('KILL USER viridian');
    expect(await countSignIns(look)).toBe(1);
    expect((await look()).closed).toEqual({ app: true });
    // Somebody else opens it: the kept session began before that.
    await stage.onBlue.query('SET GLOBAL read_only = 0');
    expect((await look()).closed).toEqual({ app: false });
    await stage.onBlue.query('SET GLOBAL read_only = 1');
    const there = () => ask('foreign-writers', { ...production(stage), databases });
    await there();
    expect((await refusal('set-sequences', { ...sides(stage), databases })).code).toBe('not-fenced');
    expect(await countSignIns(there)).toBe(1);
  });

  it('tells of transactions that have written and stay open, and ends those that are older than the limit', async () => {
    const at = production(stage);
    const look = async (olderThanSeconds: number) =>
      (await ask('long-transactions', { ...at, olderThanSeconds })).left;
    const [writing, reading, half] = await Promise.all([1, 2, 3].map(() => asApp(stage, 'green')));
    await writing?.query('SET autocommit = 0');
    await writing?.query('INSERT INTO orders (writer, n) VALUES (4711, 4711)');
    await reading?.query('SET autocommit = 0');
    await reading?.query('SELECT COUNT(*) FROM orders');
    await half?.query("XA START 'half'");
    await half?.query('INSERT INTO orders (writer, n) VALUES (9, 9)');
    await half?.query("XA END 'half'");
    await half?.query("XA PREPARE 'half'");
    half?.end();
    // Quicker looks would see what the first one saw (`functions/sql/mysql/long-transactions.ts`).
    await expect.poll(() => look(1), { timeout: 10_000, interval: 200 }).toHaveLength(2);
    const found = await look(1);
    expect(found).toMatchObject([
      { database: 'app', user: 'app', idle: true, pid: expect.any(Number) },
      { database: '', pid: null, prepared: 'half' },
    ]);
    expect(JSON.stringify(found)).not.toContain('4711');
    expect(await look(3_600)).toEqual([]);
    expect((await ask('end-transactions', { ...at, olderThanSeconds: 3_600 })).left).toEqual([]);
    expect((await ask('end-transactions', { ...at, olderThanSeconds: 1 })).left).toMatchObject([
      { prepared: 'half' },
    ]);
    await expect(writing?.query('SELECT 1')).rejects.toThrow();
    await reading?.query('SELECT 1');
    reading?.end();
    await stage.onGreen.query("XA ROLLBACK 'half'");
  });

  it('is not fenced while the server itself runs events', async () => {
    await stage.onGreen.query('SET GLOBAL event_scheduler = ON');
    await stage.onGreen.query('CREATE EVENT app.nightly ON SCHEDULE EVERY 1 DAY DO DO 0');
    expect(await fence()).toMatchObject({
      code: 'overridden',
      because: expect.stringContaining('app.nightly'),
    });
    // Nobody was locked out for a fence that was not to be.
    (await asApp(stage, 'green')).end();
    await stage.onGreen.query('DROP EVENT app.nightly');
    await stage.onGreen.query('SET GLOBAL event_scheduler = OFF');
  });

  it('is not fenced while a transaction is prepared, and stays open for who is to end it', async () => {
    const session = await asApp(stage, 'green');
    await session.query("XA START 'half'");
    await session.query('INSERT INTO orders (writer, n) VALUES (9, 9)');
    await session.query("XA END 'half'");
    await session.query("XA PREPARE 'half'");
    expect((await fence()).code).toBe('writers');
    await session.query("XA COMMIT 'half'");
    session.end();
    (await asApp(stage, 'green')).end();
  });

  it('is fenced although a session holds locks on its tables, and what that one has not committed is gone', async () => {
    const session = await asApp(stage, 'green');
    await session.query('SET autocommit = 0');
    await stage.onGreen.query("GRANT LOCK TABLES ON app.* TO 'app'@'%'");
    const locking = await asApp(stage, 'green');
    await locking.query('LOCK TABLES orders WRITE');
    expect((await fence()).code).toBe('answered');
    await expect(locking.query('INSERT INTO orders (writer, n) VALUES (7, 7)')).rejects.toThrow();
    await expect(asApp(stage, 'green')).rejects.toThrow(/locked/);
    session.end();
  });

  it('does not count what the service writes behind the fence, and counts everybody else', async () => {
    expect((await fence()).code).toBe('answered');
    await stage.onGreen.query(
      'CREATE TABLE IF NOT EXISTS mysql.rds_heartbeat2 (id INT PRIMARY KEY, value BIGINT)',
    );
    await stage.onGreen.query('INSERT INTO mysql.rds_heartbeat2 VALUES (1, 1)');
    const counters = () => refusal('set-sequences', { ...sides(stage), databases });
    const back = () => refusal('open', { databases, open: target(stage), closed: production(stage) });
    expect((await counters()).code).toBe('answered');
    await stage.onGreen.query('INSERT INTO app.orders (writer, n) VALUES (6, 6)');
    const seen = { code: 'application-write', because: expect.stringContaining('app.orders') };
    expect(await counters()).toMatchObject(seen);
    expect(await back()).toMatchObject(seen);
    await stay();
    (await asApp(stage, 'green')).end();
  });

  it('is not gone back from where a table differs by a row that no stream has brought', async () => {
    await stage.onBlue.query("INSERT INTO app.items (code, part) VALUES ('stray', 1)");
    await fence();
    const compared = await ask('compare', { ...sides(stage), databases, by: 'checksums', withinSeconds: 5 });
    expect(compared).toMatchObject({ differing: 1, examples: [{ table: '`app`.`items`', equal: false }] });
    await stay();
  });

  it('has broken its stream when blue does not know a type, and the look says which error', async () => {
    await stage.onGreen.query('CREATE TABLE app.shapes (id INT PRIMARY KEY, v VECTOR(3) NOT NULL)');
    await stage.onGreen.query('INSERT INTO app.orders (writer, n) VALUES (5, 5)');
    for (;;) {
      const { streams } = await ask('watch', { ...sides(stage), databases });
      const [stream] = streams;
      if (stream?.subscription?.enabled !== false) continue;
      expect(stream.subscription.because).toMatch(/^error \d+/);
      break;
    }
    // The same look at a green that follows blue.
    const ended = await ask('ended-replication', { green: target(stage), blue: production(stage) });
    expect(ended.because).toMatch(/^replication into green has stopped with error \d+/);
    expect(await ask('ended-replication', { green: production(stage), blue: target(stage) })).toEqual({
      because: null,
    });
  });
});
