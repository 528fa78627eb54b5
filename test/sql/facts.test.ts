import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeWayBack } from '../../functions/domain/way-back/feasibility.ts';
import type { WayBackCase } from '../../functions/domain/way-back/judgement.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { clientAt } from '../../packages/local-aws/test/postgres/plane.ts';
import { afterwards, applicationRoles, ask, openBlueStage, target } from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openBlueStage();
});
afterAll(() => plane.dispose());

const sql = () => plane.database('db-blue').sql;

async function judge(given: Partial<WayBackCase> = {}) {
  const roles = given.applicationRoles ?? applicationRoles;
  const blue = await ask('facts', { ...target(plane), applicationRoles: roles });
  return judgeWayBack({
    enabled: true,
    engine: 'postgres',
    replication: 'logical',
    stopsWrites: false,
    applicationRoles: roles,
    compare: 'checksums',
    losesStatistics: true,
    blue,
    ...given,
  });
}

it('reads a server on which a way back is possible', async () => {
  expect(await judge()).toEqual({
    possible: true,
    because: [],
    compare: 'checksums',
    warnings: ['sessions of these roles are not held and stop the way back from being made: postgres'],
    databases: ['app'],
  });
});

it('tells how large the rows of a database are, as the server says it', async () => {
  const client = sql();
  const bytes = async () =>
    (await ask('facts', { ...target(plane), applicationRoles })).databases[0]?.bytes ?? Number.NaN;
  const before = await bytes();
  afterwards(() => client.query('DROP TABLE public.wide'));
  await client.query(
    `CREATE TABLE public.wide (id int PRIMARY KEY, word text);
     INSERT INTO public.wide SELECT n, repeat('x', 500) FROM generate_series(1, 1000) AS n`,
  );
  const { rows } = await client.query<{ size: string }>(`SELECT pg_relation_size('public.wide') AS size`);
  const grown = (await bytes()) - before;
  expect(grown).toBeGreaterThan(500_000);
  expect(grown).toBe(Number(rows[0]?.size));
});

/** Something on the server that stands in the way, its cure, and the reason that is told. */
const obstacles: [string, string, string, string][] = [
  [
    'a table without identity',
    'CREATE TABLE public.keyless (word text)',
    'DROP TABLE public.keyless',
    'tables of app have neither a primary key nor a replica identity: public.keyless',
  ],
  [
    'a sequence that came after the setup file was run',
    'CREATE SEQUENCE public.later',
    'DROP SEQUENCE public.later',
    'the setup is not complete in app: GRANT USAGE ON SCHEMA public TO viridian; GRANT SELECT, UPDATE, USAGE ON ALL SEQUENCES IN SCHEMA public TO viridian;',
  ],
  [
    'a schema that came after the setup file was run',
    'CREATE SCHEMA late; CREATE TABLE late.news (id int PRIMARY KEY)',
    'DROP SCHEMA late CASCADE',
    'the setup is not complete in app: GRANT USAGE ON SCHEMA late TO viridian;',
  ],
  [
    'row security that binds owners',
    'CREATE TABLE public.notes (id int PRIMARY KEY); ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
    'DROP TABLE public.notes',
    'row security that is forced on owners binds whoever carries rows of app back (ALTER TABLE … NO FORCE ROW LEVEL SECURITY while the run lasts): public.notes',
  ],
  [
    'an unlogged table',
    'CREATE UNLOGGED TABLE public.quick (id int PRIMARY KEY)',
    'DROP TABLE public.quick',
    'rows of unlogged tables of app would not be carried back: public.quick',
  ],
  [
    'a large object',
    'SELECT lo_create(4711)',
    'SELECT lo_unlink(4711)',
    '1 large objects of app would not be carried back',
  ],
  [
    'a trigger that fires for replicated rows',
    `CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER twice AFTER INSERT ON viridian_rehearsal.history FOR EACH ROW EXECUTE FUNCTION public.nothing();
    ALTER TABLE viridian_rehearsal.history ENABLE ALWAYS TRIGGER twice`,
    'DROP FUNCTION public.nothing CASCADE',
    'triggers of app would fire a second time for rows that are carried back: twice on viridian_rehearsal.history',
  ],
  [
    'a publication of somebody else',
    'CREATE PUBLICATION theirs FOR ALL TABLES',
    'DROP PUBLICATION theirs',
    'app takes part in another replication: theirs',
  ],
  [
    'a slot of somebody else',
    "SELECT pg_create_logical_replication_slot('theirs', 'pgoutput')",
    "SELECT pg_drop_replication_slot('theirs')",
    'the server has logical slots of somebody else: theirs',
  ],
  [
    'a function of ours that is missing',
    'ALTER FUNCTION viridian.hold_role RENAME TO gone',
    'ALTER FUNCTION viridian.gone RENAME TO hold_role',
    'the setup is not complete in app: run docs/setup-postgresql.sql in database app',
  ],
  [
    'a replication user who cannot replicate',
    'ALTER ROLE viridian_replication NOREPLICATION; REVOKE rds_replication FROM viridian_replication',
    'ALTER ROLE viridian_replication REPLICATION',
    'the setup is not complete: GRANT rds_replication TO viridian_replication;',
  ],
  [
    'a replication user who signs in by token',
    'GRANT rds_iam TO viridian_replication',
    'REVOKE rds_iam FROM viridian_replication',
    'the setup is not complete: REVOKE rds_iam FROM viridian_replication;',
  ],
  [
    'a setting of the application role',
    'ALTER ROLE app SET default_transaction_read_only = off',
    'ALTER ROLE app RESET default_transaction_read_only',
    'role app has a default_transaction_read_only of its own, which holding it would overwrite',
  ],
];

it.each(obstacles)(
  'tells of %s, and of nothing any more when it is gone',
  async (_name, make, remove, because) => {
    afterwards(() => sql().query(remove));
    await sql().query(make);
    expect(await judge()).toMatchObject({ possible: false, because: [because] });
    await sql().query(remove);
    expect((await judge()).because).toEqual([]);
  },
);

describe('an event trigger', () => {
  const removal = 'DROP EVENT TRIGGER IF EXISTS guard; DROP FUNCTION public.guard';
  const guard = (when: string, body: string) =>
    `CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;
     CREATE EVENT TRIGGER guard ON ${when} EXECUTE FUNCTION public.guard()`;
  const forbid = `RAISE EXCEPTION 'never: %', tg_tag;`;
  const refused = async () => {
    const facts = await ask('facts', { ...target(plane), applicationRoles });
    return facts.databases[0]?.refusedStatements;
  };

  it.each([
    ['every DROP, once it is done', 'sql_drop', ['DROP PUBLICATION', 'DROP SUBSCRIPTION']],
    [
      'a DROP before it is done',
      `ddl_command_start WHEN tag IN ('DROP SUBSCRIPTION')`,
      ['DROP SUBSCRIPTION'],
    ],
    [
      'CREATE',
      `ddl_command_start WHEN tag IN ('CREATE PUBLICATION', 'CREATE SUBSCRIPTION')`,
      ['CREATE PUBLICATION', 'CREATE SUBSCRIPTION'],
    ],
    ['ALTER', `ddl_command_end WHEN tag IN ('ALTER SUBSCRIPTION')`, ['ALTER SUBSCRIPTION']],
    [
      'comments',
      `ddl_command_end WHEN tag IN ('COMMENT')`,
      ['COMMENT ON FUNCTION', 'COMMENT ON PUBLICATION', 'COMMENT ON SUBSCRIPTION'],
    ],
    ['everything', 'ddl_command_start', ['COMMENT ON FUNCTION', 'CREATE PUBLICATION', 'CREATE SUBSCRIPTION']],
  ])('that forbids %s closes the way back by name', async (_what, when, kinds) => {
    afterwards(() => sql().query(removal));
    await sql().query(guard(when, forbid));
    expect(await refused()).toEqual(kinds.map((kind) => `${kind} (P0001, event trigger guard)`));
    expect(await judge()).toMatchObject({
      possible: false,
      because: [expect.stringContaining(`${kinds[0]} (P0001, event trigger guard)`)],
    });
    await sql().query(removal);
    expect((await judge()).because).toEqual([]);
  });

  it('that refuses its own session by the user who has signed in is met as well', async () => {
    afterwards(() => sql().query(removal));
    await sql().query(guard('sql_drop', `IF session_user = 'viridian' THEN ${forbid} END IF;`));
    expect(await refused()).toHaveLength(2);
  });

  it.each([
    ['is disabled', 'sql_drop', forbid, 'ALTER EVENT TRIGGER guard DISABLE'],
    ['forbids tables only', `ddl_command_start WHEN tag IN ('DROP TABLE', 'CREATE TABLE')`, forbid, ''],
    ['writes down what is done', 'ddl_command_end', 'INSERT INTO public.changes VALUES (tg_tag);', ''],
  ])('that %s passes, and nothing of the trial stays', async (_what, when, body, then) => {
    afterwards(() => sql().query(`${removal}; DROP TABLE public.changes`));
    await sql().query(
      'CREATE TABLE public.changes (tag text); ALTER TABLE public.changes REPLICA IDENTITY FULL',
    );
    await sql().query(guard(when, body));
    if (then) await sql().query(then);
    expect((await judge()).because).toEqual([]);
    const { rows } = await sql().query(
      `SELECT (SELECT count(*) FROM public.changes)::int AS noted, (SELECT count(*) FROM pg_publication)::int AS publications,
              (SELECT count(*) FROM pg_subscription)::int AS subscriptions, (SELECT count(*) FROM pg_replication_origin)::int AS origins,
              obj_description('viridian.refused_statements()'::regprocedure, 'pg_proc') AS comment`,
    );
    expect(rows).toEqual([{ noted: 0, publications: 0, subscriptions: 0, origins: 0, comment: null }]);
  });
});

describe('what is open', () => {
  it('is told with its age: transactions that were prepared at once, others after some seconds', async () => {
    const client = await clientAt(target(plane).port);
    await client.query('BEGIN; INSERT INTO viridian_rehearsal.accounts (id) VALUES (100000)');
    await client.query("PREPARE TRANSACTION 'forgotten'");
    const facts = await ask('facts', { ...target(plane), applicationRoles });
    expect(facts.openTransactions).toMatchObject([
      { database: 'app', pid: null, role: 'app', writing: true, prepared: 'forgotten' },
    ]);
    await client.query("ROLLBACK PREPARED 'forgotten'");
  });
});

it('names a role that does not exist', async () => {
  expect((await judge({ applicationRoles: ['nobody'] })).because).toEqual(['there is no role nobody']);
});
