import pg from 'pg';
import { onTestFinished } from 'vitest';
import { PostgresDataPlane, type PostgresOptions } from '../../postgres/data-plane.ts';
import { APP_DATABASE, APP_ROLE } from '../../postgres/database.ts';
import { seedWorkload } from '../../postgres/seed.ts';

/** Names and ids of the pair that most tests use. */
export const BUILD = { deployment: 'bgd-1', blue: 'db-blue', green: 'db-green', engineVersion: '17.4' };

export const CUT = {
  deployment: 'bgd-1',
  timeoutMs: 20_000,
  pairs: [
    {
      production: 'shop',
      green: 'shop-green-a1b2c3',
      oldBlue: 'shop-old1',
      blueResource: 'db-blue',
      greenResource: 'db-green',
    },
  ],
};

/** Blue on PostgreSQL 15 with the workload's tables, reached through the endpoint `shop`. */
export async function openBlue(options: PostgresOptions = {}, rows = 1_000): Promise<PostgresDataPlane> {
  const plane = await PostgresDataPlane.open(options);
  try {
    await plane.createDatabase('db-blue', '15.8');
    await seedWorkload(plane, 'db-blue', rows);
    await plane.pointEndpoint('shop', 'db-blue');
    return plane;
  } catch (failure) {
    await plane.dispose();
    throw failure;
  }
}

/** The same with green on PostgreSQL 17, replicated, reached through its own endpoint. */
export async function openPair(options: PostgresOptions = {}, rows = 1_000): Promise<PostgresDataPlane> {
  const plane = await openBlue(options, rows);
  try {
    await plane.buildGreen(BUILD);
    await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
    return plane;
  } catch (failure) {
    await plane.dispose();
    throw failure;
  }
}

/** An application's session through an endpoint. Ends with the test. */
export function clientOf(plane: PostgresDataPlane, name: string, user = APP_ROLE): Promise<pg.Client> {
  return clientAt(plane.endpoint(name).port, user);
}

/** An application's session on a port. Ends with the test. */
export async function clientAt(port: number, user = APP_ROLE): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, database: APP_DATABASE });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}

/** SQLSTATE or network code with which a query or a connection fails. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const outcome = await attempt.then(
    () => 'none',
    (failure: { code?: string; message: string }) => failure.code ?? failure.message,
  );
  return outcome;
}

/** Major version of the server behind a session. */
export async function majorBehind(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  return rows[0]?.major ?? 0;
}
