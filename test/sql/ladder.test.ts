import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import { afterwards, ask, question, setupStatements } from './stage.ts';

/** Runs as `app`, who owns the database, and so may make schemas and objects in `public`. Whoever calls it with more rights lends them. */
const climb = `
CREATE FUNCTION public.climb() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN EXECUTE 'ALTER ROLE app SUPERUSER'; RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$;`;

/** What somebody makes; who makes it, or is lent the right to; how it is named; and how it goes away. */
interface Rung {
  name: string;
  by: 'app' | 'postgres';
  make: string;
  named: string;
  remove: string;
}

const beforehand: Rung[] = [
  {
    name: 'a schema of our name, with a table of ours and a trigger on it',
    by: 'app',
    make: `CREATE SCHEMA viridian; CREATE TABLE viridian.heartbeat (name text PRIMARY KEY, run text, beat bigint, at timestamptz);
      CREATE FUNCTION viridian.lend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN NEW; END';
      CREATE TRIGGER lend BEFORE INSERT ON viridian.heartbeat FOR EACH ROW EXECUTE FUNCTION viridian.lend();`,
    named: 'schema viridian is of app',
    remove: 'DROP SCHEMA viridian CASCADE',
  },
  {
    name: 'a role of our name with more rights',
    by: 'postgres',
    make: 'CREATE ROLE viridian LOGIN CREATEROLE',
    named: 'role viridian has more rights than this file gives it',
    remove: 'DROP ROLE viridian',
  },
  {
    name: 'a role of our name that is a member of another',
    by: 'postgres',
    make: 'CREATE ROLE viridian LOGIN; GRANT rds_superuser TO viridian',
    named: 'role viridian is a member of rds_superuser: run REVOKE rds_superuser FROM viridian;',
    remove: 'DROP ROLE viridian',
  },
];

const afterSetup: Rung[] = [
  {
    name: 'a member of our role',
    by: 'postgres',
    make: 'GRANT viridian TO app',
    named: 'role app is a member of viridian',
    remove: 'REVOKE viridian FROM app',
  },
  {
    name: 'a function in our schema',
    by: 'app',
    make: 'CREATE FUNCTION viridian.publish(note varchar) RETURNS void LANGUAGE sql AS $$ SELECT public.climb() $$',
    named: 'function viridian.publish(character varying) is not of postgres',
    remove: 'DROP FUNCTION viridian.publish(varchar)',
  },
  {
    name: 'an operator in our schema',
    by: 'app',
    make: 'CREATE OPERATOR viridian.= (LEFTARG = name, RIGHTARG = name, FUNCTION = pg_catalog.nameeq)',
    named: 'operator viridian.=(name,name) is not of postgres',
    remove: 'DROP OPERATOR viridian.= (name, name)',
  },
  {
    name: 'a type in our schema',
    by: 'app',
    make: 'CREATE DOMAIN viridian.text AS pg_catalog.text CHECK (public.climb())',
    named: 'type viridian.text is not of postgres',
    remove: 'DROP DOMAIN viridian.text',
  },
  {
    name: 'a trigger on a table of ours',
    by: 'app',
    make: `CREATE FUNCTION public.lend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN NEW; END';
      CREATE TRIGGER lend BEFORE INSERT ON viridian.heartbeat FOR EACH ROW EXECUTE FUNCTION public.lend();`,
    named: 'trigger lend on table viridian.heartbeat',
    remove: 'DROP FUNCTION public.lend CASCADE',
  },
  {
    name: 'a foreign key to a table of ours',
    by: 'app',
    make: 'CREATE TABLE public.child (name text REFERENCES viridian.heartbeat)',
    named: 'on table viridian.heartbeat',
    remove: 'DROP TABLE public.child',
  },
  {
    name: 'a rule on a table of ours',
    by: 'postgres',
    make: 'CREATE RULE lend AS ON INSERT TO viridian.heartbeat DO ALSO SELECT public.climb()',
    named: 'rule lend on table viridian.heartbeat',
    remove: 'DROP RULE lend ON viridian.heartbeat',
  },
  {
    name: 'a policy on a table of ours',
    by: 'postgres',
    make: 'CREATE POLICY lend ON viridian.heartbeat USING (public.climb())',
    named: 'policy lend on table viridian.heartbeat',
    remove: 'DROP POLICY lend ON viridian.heartbeat',
  },
  {
    name: 'row security on a table of ours',
    by: 'postgres',
    make: 'ALTER TABLE viridian.heartbeat ENABLE ROW LEVEL SECURITY',
    named: 'table viridian.heartbeat has row security',
    remove: 'ALTER TABLE viridian.heartbeat DISABLE ROW LEVEL SECURITY',
  },
  {
    name: 'a child of a table of ours',
    by: 'postgres',
    make: 'CREATE TABLE public.beats () INHERITS (viridian.heartbeat); ALTER TABLE public.beats OWNER TO app',
    named: 'table public.beats inherits from viridian.heartbeat',
    remove: 'DROP TABLE public.beats',
  },
  {
    name: 'an event trigger that calls a function of others',
    by: 'postgres',
    make: `CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); END';
      ALTER FUNCTION public.on_ddl OWNER TO app; CREATE EVENT TRIGGER lend ON ddl_command_end EXECUTE FUNCTION public.on_ddl()`,
    named: 'event trigger lend calls public.on_ddl() of app',
    remove: 'DROP EVENT TRIGGER lend; DROP FUNCTION public.on_ddl',
  },
  {
    name: 'a setting that turns triggers around',
    by: 'postgres',
    make: 'ALTER DATABASE app SET session_replication_role = replica',
    named: 'sessions of every role begin with session_replication_role=replica',
    remove: 'ALTER DATABASE app RESET session_replication_role',
  },
  {
    name: 'another role for our sessions',
    by: 'postgres',
    make: 'ALTER ROLE viridian IN DATABASE app SET role = pg_monitor',
    named: 'viridian begin',
    remove: 'ALTER ROLE viridian IN DATABASE app RESET role',
  },
];

describe.each(['15.8', '17.4'])('nobody climbs by what is ours on PostgreSQL %s', (version) => {
  let plane: PostgresDataPlane;
  beforeAll(async () => {
    plane = await PostgresDataPlane.open();
    await plane.createDatabase('db', version);
    await as('app', climb);
    await as('app', tools);
  });
  afterAll(() => plane.dispose());

  /** As somebody else, whatever the search path of the sessions that come from a pool. */
  const as = (user: string, statements: string) =>
    withSession({ ...ownerConnection(plane.database('db').server, 'app'), user }, (client: pg.Client) =>
      client.query(statements),
    );
  const setUp = () => as('rdsadmin', setupStatements);
  const place = () => ({
    resourceId: 'db',
    is: null,
    host: '127.0.0.1',
    port: plane.database('db').server.port,
  });
  const touch = () => question('leftovers', { ...place(), databases: ['app'], applicationRoles: [] });
  const hasClimbed = async () =>
    (await plane.database('db').sql.query("SELECT FROM pg_roles WHERE rolname = 'app' AND rolsuper"))
      .rowCount === 1;
  const undo = (remove: string) => as('rdsadmin', remove);

  it.each(beforehand)('the setup file refuses $name', async ({ by, make, named, remove }) => {
    afterwards(() => undo(remove));
    await as(by, make);
    await expect(setUp()).rejects.toThrow(named);
    expect(await hasClimbed()).toBe(false);
    await undo(remove);
  });

  it('the setup file calls neither functions nor operators of others, and gives nobody more than it says', async () => {
    await as(
      'postgres',
      `ALTER DATABASE app SET search_path = public, pg_catalog;
       ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app;
       ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO app;`,
    );
    await setUp();
    expect(await hasClimbed()).toBe(false);
    for (const beyond of [
      'viridian.unpublish()',
      "viridian.hold_role('viridian', true)",
      '(SELECT count(*) FROM viridian.heartbeat)',
    ]) {
      await expect(as('app', `SELECT ${beyond}`), beyond).rejects.toMatchObject({ code: '42501' });
    }
    await as(
      'postgres',
      `ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM app; ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM app;
       ALTER DEFAULT PRIVILEGES REVOKE ALL ON SCHEMAS FROM app;`,
    );
    expect(await touch()).toMatchObject({ kind: 'answer' });
    expect(await hasClimbed()).toBe(false);
  });

  it.each(afterSetup)(
    'the setup file and every operation refuse $name',
    async ({ by, make, named, remove }) => {
      const lent =
        'GRANT ALL ON SCHEMA viridian TO app; GRANT TRIGGER, REFERENCES ON viridian.heartbeat TO app';
      afterwards(() => undo(remove));
      await as('postgres', lent);
      await as(by, make);
      const refused = await touch();
      expect(refused).toMatchObject({ kind: 'refused', code: 'not-ours' });
      expect(JSON.stringify(refused)).toContain(named);
      await expect(setUp().then(() => 'set up')).rejects.toThrow('not ours');
      expect(await hasClimbed()).toBe(false);
      await undo(remove);
      expect(await touch()).toMatchObject({ kind: 'answer' });
    },
  );

  it('its functions find temporary objects last', async () => {
    const { rows } = await plane.database('db').sql.query<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'viridian'::regnamespace AND proname NOT IN ('set_read_only', 'hold_role')
          AND NOT 'search_path=pg_catalog, pg_temp' = ANY (coalesce(proconfig, '{}'))`,
    );
    expect(rows).toEqual([]);
  });

  it('the owner of our schema must be a master user', async () => {
    afterwards(() => undo('ALTER SCHEMA viridian OWNER TO postgres'));
    await as('rdsadmin', 'ALTER SCHEMA viridian OWNER TO app');
    const refused = await touch();
    expect(refused).toMatchObject({ kind: 'refused', code: 'not-ours' });
    expect(JSON.stringify(refused)).toContain('schema viridian is of app, which is no master user');
    await expect(setUp()).rejects.toThrow('schema viridian is of app');
  });

  it('is run by a master user only', async () => {
    await expect(as('app', setupFile())).rejects.toThrow('a master user is wanted: app');
  });

  it('tells of code that would run with the rights of a master user when rows are carried back', async () => {
    const read = async () =>
      (await ask('facts', { ...place(), applicationRoles: ['app'] })).databases[0]?.ownersCode ?? [];
    afterwards(() => undo('DROP SCHEMA IF EXISTS carried CASCADE'));
    for (const [make, named] of carried) {
      await as('app', `CREATE SCHEMA carried; SET search_path = carried; ${carriedTools} ${make}`);
      if (version.startsWith('15')) {
        expect(await read(), make).toEqual([expect.stringContaining(named)]);
      } else {
        expect(await read(), make).toEqual([]);
        await undo(
          "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relname IN ('t', 't1') LOOP EXECUTE format('ALTER TABLE %s OWNER TO postgres', t); END LOOP; END $$",
        );
        expect(await read(), make).toEqual([expect.stringContaining(named)]);
      }
      await undo('DROP SCHEMA carried CASCADE');
      expect(await read()).toEqual([]);
    }
  });
});

/** Better matches than the server's own for what an unqualified call says. */
const tools = `
CREATE FUNCTION public.format(text, name) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN pg_catalog.format($1, $2::text); END';
CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN pg_catalog.quote_ident($1::text); END';
CREATE FUNCTION public.unlike(name, name) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN true; END';
CREATE OPERATOR public.!~ (LEFTARG = name, RIGHTARG = name, FUNCTION = public.unlike);
CREATE OPERATOR public.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = public.differs);`.replace(
  'CREATE OPERATOR public.<>',
  `CREATE FUNCTION public.differs(name, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.climb(); RETURN true; END';
CREATE OPERATOR public.<>`,
);

const setupFile = () => setupStatements.slice(setupStatements.indexOf(';') + 1);

const carriedTools = `
CREATE FUNCTION good(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION next() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION same(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION alike(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = alike);`;

const carried: [string, string][] = [
  [
    'CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT k CHECK (good(id)))',
    'constraint k of carried.t calls carried.good(integer) of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT k CHECK (id === 1))',
    'constraint k of carried.t calls carried.alike(integer,integer) of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY DEFAULT next())',
    'column id of carried.t calls carried.next() of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (same(id)) STORED)',
    'column twice of carried.t calls carried.same(integer) of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX by_same ON t (same(id))',
    'index carried.by_same calls carried.same(integer) of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY); CREATE INDEX partial ON t (id) WHERE good(id)',
    'index carried.partial calls carried.good(integer) of app',
  ],
  [
    'CREATE DOMAIN d AS int CONSTRAINT k CHECK (good(value)); CREATE TABLE t (id d PRIMARY KEY)',
    'constraint k of domain carried.d calls carried.good(integer) of app',
  ],
  [
    'CREATE TABLE t (id int) PARTITION BY RANGE (same(id)); CREATE TABLE t1 PARTITION OF t DEFAULT',
    'the partitions of carried.t calls carried.same(integer) of app',
  ],
  [
    'CREATE TABLE t (id int PRIMARY KEY); CREATE TRIGGER always AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION fire(); ALTER TABLE t ENABLE ALWAYS TRIGGER always',
    'trigger always of carried.t calls carried.fire() of app',
  ],
];
