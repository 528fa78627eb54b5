import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { APP_DATABASE } from '../../packages/local-aws/postgres/database.ts';
import { CUT, clientAt } from '../../packages/local-aws/test/postgres/plane.ts';
import { betweenStatements, dyingAt, prepareCrashes } from './crash.ts';
import {
  afterwards,
  applicationRoles,
  ask,
  codeOfAsking,
  databases,
  holdAndCount,
  openCutStage,
  openGreenStage,
  production,
  question,
  until,
} from './stage.ts';

const write = 'INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 1, $1)';

describe('securing the way back', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openCutStage();
  });
  afterEach(async () => {
    await ask('close', { ...production(plane), ...held });
  });
  afterAll(() => plane.dispose());

  const held = { databases, applicationRoles };
  const hold = async () => {
    const asked = { ...production(plane), ...held };
    return { ...asked, changes: await holdAndCount(asked) };
  };
  /** A superuser, whom the gate does not hold. */
  const intruder = async () => {
    const client = await clientAt(production(plane).port, 'postgres');
    await client.query('SET default_transaction_read_only = off');
    return client;
  };
  const sql = () => plane.database('db-green').sql;
  const slots = async () =>
    (await sql().query("SELECT FROM pg_replication_slots WHERE slot_name LIKE 'viridian%'")).rowCount;
  const publications = async () =>
    (await sql().query("SELECT FROM pg_publication WHERE pubname LIKE 'viridian%'")).rowCount;

  it('begins after everything that was there, and stays there when it is asked again', async () => {
    const input = await hold();
    const { secured } = await ask('secure', input);
    const { rows } = await sql().query(
      `SELECT $1::pg_lsn <= $2::pg_lsn AS after, confirmed_flush_lsn::text AS start FROM pg_replication_slots WHERE slot_name = 'viridian_way_back_app'`,
      [secured[0]?.asked, secured[0]?.start],
    );
    expect(rows).toEqual([{ after: true, start: secured[0]?.start }]);
    expect(await ask('secure', input)).toEqual({ secured });
  });

  it('refuses when an application has written while writes were held, also later on', async () => {
    const input = await hold();
    const client = await intruder();
    await client.query(write, ['past the gate']);
    await client.end();
    expect(await codeOfAsking('secure', input)).toBe('application-write');
    expect(await codeOfAsking('secure', input)).toBe('application-write');
    expect([await publications(), await slots()]).toEqual([0, 0]);
  });

  it('refuses a write between the slot and its end, although the slot stands', async () => {
    prepareCrashes();
    const input = await hold();
    for (let statement = 1; (await slots()) === 0; statement += 1) {
      await dyingAt(statement, 'after', () => question('secure', input));
    }
    const client = await intruder();
    await client.query(write, ['after the slot, before the proof']);
    await client.end();
    expect(await codeOfAsking('secure', input)).toBe('application-write');
  });

  it('refuses a role that is not held, when it is there and when the gate was lifted', async () => {
    afterwards(() => sql().query('ALTER ROLE app IN DATABASE app RESET default_transaction_read_only'));
    const input = await hold();
    const master = await clientAt(production(plane).port, 'postgres');
    expect(await codeOfAsking('secure', input)).toBe('not-held');
    await master.end();
    await sql().query('ALTER ROLE app RESET default_transaction_read_only');
    expect(await codeOfAsking('secure', input)).toBe('not-held');
    await sql().query('ALTER ROLE app IN DATABASE app SET default_transaction_read_only = off');
    expect(await codeOfAsking('hold-writes', { ...production(plane), ...held })).toBe('not-held');
    await sql().query('ALTER ROLE app IN DATABASE app RESET default_transaction_read_only');
    await ask('secure', await hold());
  });

  it('names a role that does not exist instead of taking it for held', async () => {
    const asked = { ...production(plane), databases, applicationRoles: ['app', 'nobody knows'] };
    const reply = await question('hold-writes', asked);
    expect(reply).toMatchObject({ kind: 'failed', code: '42704' });
  });

  it('refuses a transaction that has written, open or prepared', async () => {
    const input = await hold();
    const client = await intruder();
    const master = await clientAt(production(plane).port, 'postgres');
    const forget = () => master.query("ROLLBACK PREPARED 'left'");
    afterwards(forget);
    await client.query('BEGIN');
    await client.query(write, ['open']);
    expect(await codeOfAsking('secure', input)).toBe('writers');
    await client.query("PREPARE TRANSACTION 'left'");
    await client.end();
    const reply = await question('secure', input);
    expect(reply).toMatchObject({ kind: 'refused', code: 'writers' });
    expect(JSON.stringify(reply)).toContain('prepared transaction \\"left\\" of postgres');
    await forget();
    await master.end();
    // A row that was rolled back counts as a change: it cannot be told from one that stayed.
    expect(await codeOfAsking('secure', input)).toBe('application-write');
  });

  it('fails in time while a transaction elsewhere keeps the slot waiting, and goes on after it', async () => {
    const input = await hold();
    const other = new pg.Client({
      host: '127.0.0.1',
      port: input.port,
      user: 'postgres',
      database: 'postgres',
    });
    afterwards(() => other.end());
    await other.connect();
    await other.query('BEGIN; CREATE TABLE unfinished ()');
    const reply = await question('secure', input);
    expect(reply).toMatchObject({ kind: 'failed', code: '55P03' });
    expect(JSON.stringify(reply)).toContain('making the slot in database app');
    // The server tells of the error before it drops the slot.
    await until(async () => (await slots()) === 0);
    // As after the death of a function: its session still makes the slot.
    const made = sql().query(
      "SELECT pg_create_logical_replication_slot('viridian_way_back_app', 'pgoutput')",
    );
    await until(async () => (await slots()) === 1);
    const early = await question('secure', input);
    expect(early).toMatchObject({ kind: 'refused', code: 'writers' });
    expect(JSON.stringify(early)).toContain('still being made');
    await other.query('ROLLBACK');
    await made;
    await ask('secure', input);
    expect(await slots()).toBe(1);
  });

  it('refuses a table without identity, and takes one whose whole row identifies it', async () => {
    afterwards(() => sql().query('DROP TABLE public.keyless'));
    await sql().query('CREATE TABLE public.keyless (word text)');
    const input = await hold();
    const reply = await question('secure', input);
    expect(reply).toMatchObject({ kind: 'refused', code: 'without-identity' });
    expect(JSON.stringify(reply)).toContain('public.keyless');
    expect(await publications()).toBe(0);
    await sql().query('ALTER TABLE public.keyless REPLICA IDENTITY FULL');
    await ask('secure', input);
  });

  it('refuses a slot that was there before, and a publication of another run', async () => {
    const input = await hold();
    await sql().query("SELECT pg_create_logical_replication_slot('viridian_way_back_app', 'pgoutput')");
    expect(await codeOfAsking('secure', input)).toBe('foreign');
    await ask('close', { ...production(plane), ...held });
    await ask('secure', input);
    expect(await codeOfAsking('secure', { ...input, executionArn: 'another run' })).toBe('foreign');
    expect(await codeOfAsking('close', { ...production(plane), ...held, executionArn: 'another run' })).toBe(
      'foreign',
    );
    expect(await slots()).toBe(1);
  });

  it('takes nothing for foreign that another look makes meanwhile', async () => {
    const input = await hold();
    betweenStatements(/FROM pg_publication/, () => ask('secure', input));
    expect(await codeOfAsking('secure', input)).toBe('answered');
    expect([await publications(), await slots()]).toEqual([1, 1]);
  });

  it('does not take a failover for quiet: what was counted is lost with it, and has to be counted anew', async () => {
    const input = await hold();
    const { server } = plane.database('db-green');
    server.signal('SIGQUIT');
    await server.stop();
    await server.start();
    expect(await codeOfAsking('secure', input)).toBe('application-write');
    expect(await slots()).toBe(0);
    await ask('secure', await hold());
    expect(await slots()).toBe(1);
  });

  it('does without the gate when a hook has stopped the application', async () => {
    await ask('release-writes', { ...production(plane), ...held });
    const hook = { ...production(plane), databases, applicationRoles: [] };
    expect(await ask('hold-writes', hook)).toMatchObject({ held: [] });
    await ask('secure', { ...hook, changes: await holdAndCount(hook) });
  });
});

describe('green, from the stream of blue to its own first write', () => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await openGreenStage();
  });
  afterAll(() => plane.dispose());

  const look = () => ask('takes-writes', { ...production(plane), databases });
  const rowsOn = async (side: string) => {
    const { rows } = await plane
      .database(side)
      .sql.query<{ rows: string }>('SELECT count(*)::text AS rows FROM viridian_rehearsal.history');
    return rows[0]?.rows;
  };
  const closes = async (side: string) => {
    const client = await clientAt(plane.database(side).server.port, 'app');
    const { rows } = await client.query('SHOW default_transaction_read_only').finally(() => client.end());
    return rows[0]?.default_transaction_read_only;
  };

  it('waits for the end of the stream before it publishes anything', async () => {
    const asked = { ...production(plane), databases, applicationRoles };
    const { changes } = await ask('hold-writes', asked);
    expect(changes).toBeNull();
    expect(await codeOfAsking('secure', { ...asked, changes: { [APP_DATABASE]: '0' } })).toBe('foreign');
    await ask('release-writes', asked);
  });

  it('says that it takes writes once it has every row and blue is closed, and not before', async () => {
    expect(await look()).toEqual({
      because: expect.stringContaining('a stream still writes into database app'),
      changes: null,
    });
    const cut = plane.cutOver(CUT);
    await until(async () => (await look().catch(() => undefined))?.because === null);
    expect([await closes('db-blue').catch(() => 'refused'), await closes('db-green')]).toEqual([
      expect.stringMatching(/^(on|refused)$/),
      'off',
    ]);
    expect(await cut).toMatchObject({ done: true });
    expect(await rowsOn('db-green')).toBe(await rowsOn('db-blue'));
  });

  it('names whoever is writing, and sessions that begin read-only', async () => {
    const { because, changes } = await look();
    expect([because, changes]).toEqual([null, { [APP_DATABASE]: expect.stringMatching(/^\d+$/) }]);
    const client = await clientAt(production(plane).port, 'app');
    await client.query('BEGIN');
    await client.query(write, ['open']);
    expect((await look()).because).toMatch(/^still writing: session \d+ of app in app$/);
    await client.query('ROLLBACK');
    await client.end();
    const { sql } = plane.database('db-green');
    await sql.query('ALTER DATABASE app SET default_transaction_read_only = on');
    expect((await look()).because).toBe('sessions in database app begin read-only');
    await sql.query('ALTER DATABASE app RESET default_transaction_read_only');
  });
});
