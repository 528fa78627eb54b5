import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { APP_ROLE } from '../../packages/local-aws/postgres/database.ts';
import { seedWorkload } from '../../packages/local-aws/postgres/seed.ts';
import { clientAt, codeOf } from '../../packages/local-aws/test/postgres/plane.ts';
import { kindsOfClients, openClient, visit, writeAs } from './clients.ts';
import {
  afterwards,
  applicationRoles,
  ask,
  codeOfAsking,
  databases,
  openStreamStage,
  placeOf,
  production,
  readPrivileges,
  setupStatements,
  sides,
  target,
  until,
} from './stage.ts';

/** The first one is closed all the time: a database is opened only after the proof that another one is closed. */
const versions = ['17.4', '15.8', '16.4', '17.4', '18.1'];
const servers = versions.map((version, index) => ({ version, id: `db-${index}` }));

describe('on every version', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await PostgresDataPlane.open({});
    for (const { id, version } of servers) {
      await plane.createDatabase(id, version);
      await seedWorkload(plane, id, 10);
      await plane.loadSchema(id, setupStatements);
    }
    await ask('fence', { ...placeOf(plane, 'db-0'), databases });
  });
  afterAll(() => plane.dispose());

  const open = (id: string) =>
    ask('open', { open: placeOf(plane, id), closed: placeOf(plane, 'db-0'), databases });
  const rows = async (id: string) =>
    (await plane.database(id).sql.query("SELECT FROM viridian_rehearsal.history WHERE note = 'a client'"))
      .rowCount;
  const readAcl = (id: string) => readPrivileges(plane, id);

  describe.each(servers.slice(1))('PostgreSQL $version', ({ id }) => {
    it.each(kindsOfClients)('%s writes before a fence and after it, and not behind it', async (kind) => {
      const { port } = placeOf(plane, id);
      afterwards(() => open(id));
      const inside = await openClient(kind, port);
      afterwards(() => inside.end());
      expect(await codeOf(visit(kind, port))).toBe('none');
      const before = await rows(id);
      await ask('fence', { ...placeOf(plane, id), databases });
      expect(await codeOf(visit(kind, port))).toBe('42501');
      expect(await codeOf(writeAs(kind, inside))).not.toBe('none');
      expect(await rows(id)).toBe(before);
      await open(id);
      expect(await codeOf(visit(kind, port))).toBe('none');
    });

    it.each(kindsOfClients)(
      '%s writes before a gate and after it, and not while it is held',
      async (kind) => {
        const held = { ...placeOf(plane, id), databases, applicationRoles };
        afterwards(() => ask('release-writes', held));
        const inside = await openClient(kind, held.port);
        afterwards(() => inside.end());
        const before = await rows(id);
        await ask('hold-writes', held);
        expect(await codeOf(visit(kind, held.port))).toBe('53300');
        expect(await codeOf(writeAs(kind, inside))).not.toBe('none');
        expect(await rows(id)).toBe(before);
        await ask('release-writes', held);
        expect(await codeOf(visit(kind, held.port))).toBe('none');
      },
    );

    it('a fence is proved by itself where a gate was left', async () => {
      const held = { ...placeOf(plane, id), databases, applicationRoles };
      afterwards(() => ask('release-writes', held));
      afterwards(() => open(id));
      await ask('hold-writes', held);
      await ask('fence', { ...placeOf(plane, id), databases });
      await ask('hold-writes', held);
      expect((await ask('leftovers', held)).heldRoles.map(({ role }) => role)).toEqual([
        ...applicationRoles,
        'viridian_probe',
      ]);
      await open(id);
      await ask('release-writes', held);
      expect(await codeOf(visit('BEGIN READ WRITE', held.port))).toBe('none');
    });

    it('locks its own users out of nothing, even where they came by way of PUBLIC', async () => {
      afterwards(() => open(id));
      await plane
        .database(id)
        .sql.query('REVOKE CONNECT ON DATABASE app FROM viridian, viridian_replication');
      await ask('fence', { ...placeOf(plane, id), databases });
      expect((await ask('foreign-writers', { ...placeOf(plane, id), databases })).closed).toEqual({
        app: true,
      });
      await open(id);
    });

    it('gives back exactly who may connect, the default and the limits, however often it was asked', async () => {
      const { sql } = plane.database(id);
      afterwards(() => open(id));
      await sql.query(
        `CREATE ROLE reader LOGIN; CREATE ROLE "odd ""one" LOGIN; CREATE ROLE grantor LOGIN;
         REVOKE CONNECT ON DATABASE app FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE app TO reader, "odd ""one";
         GRANT CONNECT ON DATABASE app TO grantor WITH GRANT OPTION; ALTER DATABASE app SET default_transaction_read_only = off;
         ALTER ROLE app CONNECTION LIMIT 7`,
      );
      const before = await readAcl(id);
      const held = { ...placeOf(plane, id), databases, applicationRoles };
      await ask('hold-writes', held);
      await ask('hold-writes', held);
      await ask('fence', { ...placeOf(plane, id), databases });
      // Somebody lets a role in meanwhile: the fence is not what it was, and closes again.
      await sql.query('GRANT CONNECT ON DATABASE app TO app');
      const { closed } = await ask('foreign-writers', { ...placeOf(plane, id), databases });
      expect(closed).toEqual({ app: false });
      await ask('fence', { ...placeOf(plane, id), databases });
      await sql.query('DROP OWNED BY "odd ""one"; DROP ROLE "odd ""one"');
      await open(id);
      await ask('release-writes', held);
      const kept = before.filter((entry) => !entry.includes('odd') && !/^app: CONNECT/.test(entry));
      expect((await readAcl(id)).filter((entry) => !/^app: CONNECT/.test(entry))).toEqual(kept);
      const { rows: settings } = await sql.query(
        `SELECT (SELECT rolconnlimit FROM pg_roles WHERE rolname = 'app') AS limit, s.setconfig
           FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = 'app' AND s.setrole = 0`,
      );
      expect(settings).toEqual([{ limit: 7, setconfig: ['default_transaction_read_only=off'] }]);
      await sql.query(
        `ALTER DATABASE app RESET default_transaction_read_only; ALTER ROLE app CONNECTION LIMIT -1;
         REVOKE CONNECT ON DATABASE app FROM grantor; DROP OWNED BY reader, grantor; DROP ROLE reader, grantor;
         GRANT CONNECT ON DATABASE app TO PUBLIC`,
      );
    });
  });
});

describe('a fence on new production', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openStreamStage();
  });
  afterAll(() => plane.dispose());

  const write = 'INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, $1)';
  const goBack = { open: () => target(plane), closed: () => production(plane) };
  const open = () => codeOfAsking('open', { open: goBack.open(), closed: goBack.closed(), databases });
  const drained = async () => {
    const { positions } = await ask('fence', { ...production(plane), databases });
    await until(async () => {
      const { databases: found } = await ask('drained', { ...production(plane), positions });
      return found.every((database) => database.drained);
    });
    await ask('detach', { ...target(plane), databases });
  };
  /** A superuser, whom no wall of ours keeps out. */
  const intrude = async (...statements: string[]) => {
    const intruder = await clientAt(production(plane).port, 'postgres');
    await intruder.query('SET default_transaction_read_only = off');
    for (const statement of statements)
      await intruder.query(statement, statement === write ? ['intruder'] : []);
    await intruder.end();
    const { sql } = plane.database('db-green');
    await until(async () => {
      const { rowCount } = await sql.query("SELECT FROM pg_stat_activity WHERE usename = 'postgres'");
      return rowCount === 0;
    });
  };
  const stay = async () => {
    await ask('open', { open: production(plane), closed: target(plane), databases });
    await ask('attach', { ...sides(plane), databases });
  };

  it('opens old blue when nobody has written behind it', async () => {
    await drained();
    expect(await codeOfAsking('set-sequences', { ...sides(plane), databases })).toBe('answered');
    expect(await open()).toBe('answered');
    expect(
      (await ask('probe-write', { ...target(plane), databases, applicationRoles: [] })).writable,
    ).toEqual({ app: true });
    await ask('fence', { ...target(plane), databases });
    await stay();
  });

  it('refuses to open old blue while a session is there that no wall keeps out', async () => {
    await drained();
    const intruder = await clientAt(production(plane).port, 'postgres');
    expect(await open()).toBe('writers');
    await intruder.end();
    await stay();
  });

  it('refuses to close a database into which a stream from elsewhere flows', async () => {
    const { sql } = plane.database('db-green');
    const forget = () =>
      sql.query(
        `ALTER SUBSCRIPTION elsewhere DISABLE; ALTER SUBSCRIPTION elsewhere SET (slot_name = NONE); DROP SUBSCRIPTION elsewhere`,
      );
    afterwards(forget);
    await sql.query(
      `CREATE SUBSCRIPTION elsewhere CONNECTION 'host=127.0.0.1 port=1' PUBLICATION nothing WITH (connect = false)`,
    );
    await sql.query('ALTER SUBSCRIPTION elsewhere ENABLE');
    expect(await codeOfAsking('fence', { ...production(plane), databases })).toBe('overridden');
    expect(
      (await ask('probe-write', { ...production(plane), databases, applicationRoles: [] })).writable,
    ).toEqual({ app: true });
    await forget();
  });

  it('refuses by the counts of changed rows alone, where the log cannot tell', async () => {
    await plane.database('db-blue').sql.query('ALTER SUBSCRIPTION viridian_way_back DISABLE');
    const application = await clientAt(production(plane).port, APP_ROLE);
    await application.query(write, ['lost, and accepted to be']);
    await ask('fence', { ...production(plane), databases });
    await ask('detach', { ...target(plane), databases });
    await intrude(write);
    expect(await open()).toBe('application-write');
    await stay();
  });

  it.each([
    ['a row', write],
    ['emptying a table', 'TRUNCATE viridian_rehearsal.audit_log'],
  ])('refuses by the log alone, after the counts were lost: %s', async (_what, statement) => {
    await drained();
    await intrude(statement);
    await plane.database('db-green').sql.query('SELECT pg_stat_reset()');
    expect(await codeOfAsking('set-sequences', { ...sides(plane), databases })).toBe('application-write');
    expect(await open()).toBe('application-write');
    await stay();
  });
});
