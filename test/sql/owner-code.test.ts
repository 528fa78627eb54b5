import { expect, it, onTestFinished } from 'vitest';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { seedWorkload } from '../../packages/local-aws/postgres/seed.ts';
import { BUILD, CUT, clientOf } from '../../packages/local-aws/test/postgres/plane.ts';
import {
  applicationRoles,
  ask,
  databases,
  fenceTarget,
  production,
  question,
  secureWayBack,
  setupStatements,
  sides,
  until,
} from './stage.ts';

/**
 * A table of the application whose constraint calls a function of the application, which takes what rights it gets. With the first row it
 * makes the transactions after it able to write, whatever the database says.
 */
const climbing = `
SET SESSION AUTHORIZATION app;
CREATE SCHEMA climbing;
CREATE FUNCTION climbing.climb() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('default_transaction_read_only', 'off', false);
  BEGIN EXECUTE 'ALTER ROLE app SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
  RETURN true;
END $$;
CREATE TABLE climbing.t (id int PRIMARY KEY, CHECK (climbing.climb()));
RESET SESSION AUTHORIZATION;`;

/** After the cut, secured, from one version to another. */
async function openSecured(from: string, to: string): Promise<PostgresDataPlane> {
  const plane = await PostgresDataPlane.open();
  onTestFinished(() => plane.dispose());
  await plane.createDatabase('db-blue', from);
  await seedWorkload(plane, 'db-blue', 100);
  await plane.loadSchema('db-blue', climbing);
  await plane.loadSchema('db-blue', setupStatements);
  await plane.pointEndpoint('shop', 'db-blue');
  await plane.buildGreen({ ...BUILD, engineVersion: to });
  await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
  await ask('hold-writes', { ...production(plane), databases, applicationRoles });
  expect(await plane.cutOver(CUT)).toEqual({ done: true });
  await secureWayBack(plane);
  await ask('release-writes', { ...production(plane), databases, applicationRoles });
  await fenceTarget(plane);
  return plane;
}

const hasClimbed = async (plane: PostgresDataPlane) =>
  (await plane.database('db-blue').sql.query("SELECT FROM pg_roles WHERE rolname = 'app' AND rolsuper"))
    .rowCount === 1;

it.each([
  ['16.4', '17.4'],
  ['17.4', '18.0'],
])(
  'rows are applied on PostgreSQL %s with the rights of the table’s owner, coming from %s',
  async (from, to) => {
    const plane = await openSecured(from, to);
    await ask('attach', { ...sides(plane), databases });
    const client = await clientOf(plane, 'shop');
    for (const id of [1, 2]) await client.query('INSERT INTO climbing.t VALUES ($1)', [id]);
    const { sql } = plane.database('db-blue');
    await until(async () => (await sql.query('SELECT FROM climbing.t')).rowCount === 2);
    expect(await hasClimbed(plane)).toBe(false);
  },
);

it('a target of PostgreSQL 15 does not receive a stream that would run code of others', async () => {
  const plane = await openSecured('15.8', '17.4');
  expect(await question('attach', { ...sides(plane), databases })).toMatchObject({
    kind: 'refused',
    code: 'owners-code',
    because: expect.stringContaining(
      'constraint t_check of climbing.t calls climbing.climb() of app',
    ) as string,
  });
  const { sql } = plane.database('db-blue');
  expect((await sql.query('SELECT FROM pg_subscription')).rowCount).toBe(0);
  await sql.query('ALTER FUNCTION climbing.climb OWNER TO postgres');
  await ask('attach', { ...sides(plane), databases });
});
