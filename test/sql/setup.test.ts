import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ask } from './stage.ts';

const setup = readFileSync(new URL('../../docs/setup-postgresql.sql', import.meta.url), 'utf8');

/** As on RDS: whoever runs the file is no superuser, and may give away what the service's roles carry. */
describe.each(['15.8', '17.4'])(
  'the setup file on PostgreSQL %s, run without superuser rights',
  (version) => {
    let plane: PostgresDataPlane;
    const clients: pg.Client[] = [];
    const client = async (user: string) => {
      const opened = new pg.Client({ host: '127.0.0.1', port: place().port, user, database: 'app' });
      clients.push(opened);
      await opened.connect();
      return opened;
    };
    const owner = () => plane.database('db').sql;
    const place = () => ({
      resourceId: 'db',
      is: null,
      host: '127.0.0.1',
      port: plane.database('db').server.port,
    });

    beforeAll(async () => {
      plane = await PostgresDataPlane.open();
      await plane.createDatabase('db', version);
      await owner().query(`
      CREATE ROLE master LOGIN CREATEROLE CREATEDB;
      GRANT rds_superuser, rds_replication, rds_iam, pg_monitor, pg_signal_backend TO master WITH ADMIN OPTION;
      ALTER DATABASE app OWNER TO master;
      CREATE SCHEMA shop AUTHORIZATION master;
      CREATE TABLE shop.items (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
      ALTER TABLE shop.items OWNER TO app;
      INSERT INTO shop.items (name) VALUES ('one');`);
    });
    afterAll(async () => {
      await Promise.all(clients.map((opened) => opened.end()));
      await plane.dispose();
    });

    it('names the statement that its runner lacks, and changes nothing', async () => {
      const master = await client('master');
      await expect(master.query(setup)).rejects.toThrow('run GRANT app TO master; first');
      expect((await owner().query("SELECT FROM pg_roles WHERE rolname LIKE 'viridian%'")).rowCount).toBe(0);
    });

    it('may be run twice, and then nothing is missing', async () => {
      await owner().query('GRANT app TO master WITH ADMIN OPTION');
      const master = await client('master');
      await master.query(setup);
      await master.query(setup);
      const facts = await ask('facts', { ...place(), applicationRoles: ['app'] });
      expect(facts.missing).toEqual([]);
      expect(facts.databases).toMatchObject([{ name: 'app', tables: 1, sequences: 1, missing: [] }]);
    });

    it('lets its role do what the steps need, and nothing else of the master user', async () => {
      const viridian = await client('viridian');
      const settings = async () => {
        const { rows } = await viridian.query<{ found: string }>(
          `SELECT coalesce(r.rolname, 'database') || ': ' || s.setconfig::text AS found FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole ORDER BY 1`,
        );
        return rows.map(({ found }) => found);
      };
      await viridian.query("SELECT viridian.hold_role('app', true), viridian.set_read_only(true)");
      expect(await settings()).toEqual([
        'app: {default_transaction_read_only=on}',
        'database: {default_transaction_read_only=on}',
      ]);
      await viridian.query("SELECT viridian.hold_role('app', false), viridian.set_read_only(NULL)");
      expect(await settings()).toEqual([]);
      await viridian.query("SELECT viridian.analyze_table('shop.items', 10)");
      await viridian.query("SELECT setval('shop.items_id_seq', 7)");
      await expect(viridian.query("SELECT viridian.set_replication_password('plain')")).rejects.toThrow(
        'verifier',
      );
      for (const beyond of [
        'ALTER DATABASE app SET work_mem = 64',
        'DROP TABLE shop.items',
        'SELECT name FROM shop.items',
        'DELETE FROM shop.items',
        'SELECT secret FROM viridian.handover',
        'CREATE FUNCTION viridian.more() RETURNS int LANGUAGE sql RETURN 1',
        'GRANT rds_superuser TO viridian',
        "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
      ]) {
        await expect(viridian.query(beyond), beyond).rejects.toMatchObject({ code: '42501' });
      }
    });

    it('compares rows that it may not read, also where row security hides them, unless that is forced on owners', async () => {
      const viridian = await client('viridian');
      const sum = async (table = 'shop.items') => {
        const { rows } = await viridian.query(`SELECT * FROM viridian.sum_rows('${table}', 0, 100, true)`);
        return rows[0] as { rows: string; digest: string };
      };
      const plain = await sum();
      expect(plain).toMatchObject({ rows: '1', digest: expect.stringMatching(/^\d{5,}$/) });
      await owner().query('ALTER TABLE shop.items ENABLE ROW LEVEL SECURITY');
      expect(await sum()).toEqual(plain);
      await owner().query('ALTER TABLE shop.items FORCE ROW LEVEL SECURITY');
      // Rather an error than sums of the rows that are shown.
      await viridian.query('SET row_security = off');
      await expect(sum()).rejects.toThrow('row-level security policy for table "items"');
      const { databases } = await ask('facts', { ...place(), applicationRoles: ['app'] });
      expect(databases[0]?.rowSecurity).toEqual(['shop.items']);
      await owner().query(
        'ALTER TABLE shop.items NO FORCE ROW LEVEL SECURITY; ALTER TABLE shop.items DISABLE ROW LEVEL SECURITY',
      );
      for (const table of ['pg_catalog.pg_class', 'viridian.heartbeat', 'pg_catalog.pg_roles'])
        await expect(sum(table), table).rejects.toThrow('is no table of the application');
    });

    it('refreshes every statistic with the rights of its runner, and names what a later table needs', async () => {
      const step = () => ask('analyze-step', { ...place(), withinSeconds: 30, tableSeconds: 30 });
      expect(await step()).toMatchObject({ tables: 1, analyzed: 1, left: 0, notAllowed: [], missing: [] });
      // A table of somebody else, in a database that is not the runner's any more: nothing but the owner's rights help.
      await owner().query(`
        ALTER DATABASE app OWNER TO postgres;
        CREATE ROLE stranger; CREATE TABLE shop.theirs (id int); ALTER TABLE shop.theirs OWNER TO stranger;`);
      const missing = version.startsWith('15')
        ? 'GRANT stranger TO master;'
        : 'GRANT MAINTAIN ON shop.theirs TO master;';
      const { databases } = await ask('facts', { ...place(), applicationRoles: ['app'] });
      expect(databases[0]?.missingToAnalyze).toEqual([missing]);
      // Rows are applied and compared with the rights of the table's owner, which the master user must have.
      const toApply = databases[0]?.missing.filter((statement) => statement.includes('stranger')) ?? [];
      expect(toApply).toEqual(['GRANT stranger TO master;']);
      expect(await step()).toMatchObject({
        tables: 2,
        analyzed: 1,
        left: 0,
        notAllowed: ['app: shop.theirs'],
        missing: [missing],
      });
      await owner().query(missing);
      expect(await step()).toMatchObject({ tables: 2, analyzed: 2, left: 0, notAllowed: [], missing: [] });
    });

    it('names the database that its role may not sign in to', async () => {
      await owner().query('CREATE DATABASE shut');
      await owner().query('REVOKE CONNECT ON DATABASE shut FROM PUBLIC');
      expect(await ask('analyze-step', { ...place(), withinSeconds: 30, tableSeconds: 30 })).toMatchObject({
        notAllowed: ['shut: every table'],
        missing: ['GRANT CONNECT ON DATABASE shut TO viridian;'],
      });
      await owner().query('DROP DATABASE shut');
    });

    it('lets nobody else use its functions', async () => {
      const app = await client('app');
      for (const call of [
        "hold_role('app', true)",
        'set_read_only(true)',
        'set_replication_password(NULL)',
      ]) {
        await expect(app.query(`SELECT viridian.${call}`)).rejects.toMatchObject({ code: '42501' });
      }
    });
  },
);
