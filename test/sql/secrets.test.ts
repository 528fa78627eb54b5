import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import {
  ask,
  codeOfAsking,
  databases,
  fenceTarget,
  openCutStage,
  secureWayBack,
  sides,
  target,
} from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openCutStage();
  await secureWayBack(plane);
  for (const side of ['db-blue', 'db-green']) await tellEverything(side);
}, 120_000);
afterAll(() => plane.dispose());

const query = <T extends object>(side: string, statement: string) =>
  withSession(ownerConnection(plane.database(side).server, 'app'), (client) => client.query<T>(statement));

/** A server that keeps and logs whatever it can: every statement with its parameters, also those inside of functions, and all that it warns of. */
async function tellEverything(side: string): Promise<void> {
  const { server } = plane.database(side);
  for (const setting of [
    "shared_preload_libraries = 'pg_stat_statements'",
    "log_statement = 'all'",
    'log_min_duration_statement = 0',
    'log_parameter_max_length = -1',
    'log_parameter_max_length_on_error = -1',
    "log_error_verbosity = 'verbose'",
    // From debug1 on the server's own worker writes down how it connects.
    "log_min_messages = 'info'",
    "log_min_error_statement = 'info'",
    'track_activity_query_size = 100000',
  ]) {
    await query(side, `ALTER SYSTEM SET ${setting}`);
  }
  await server.stop();
  await server.start();
  await query(side, "ALTER SYSTEM SET pg_stat_statements.track = 'all'");
  await query(side, 'ALTER SYSTEM SET pg_stat_statements.track_utility = on');
  await query(side, 'SELECT pg_reload_conf()');
  await query(side, 'CREATE EXTENSION pg_stat_statements');
}

/** Everything that a server keeps or tells of statements, but for the subscription itself, which only a superuser reads. */
async function readTold(side: string): Promise<string> {
  const { rows } = await query<{ query: string }>(
    side,
    'SELECT query FROM pg_stat_statements UNION ALL SELECT query FROM pg_stat_activity',
  );
  return [...rows.map((row) => row.query), readFileSync(plane.database(side).server.logFile, 'utf8')].join(
    '\n',
  );
}

async function readPassword(): Promise<string> {
  const { rows } = await query<{ source: string }>(
    'db-blue',
    'SELECT subconninfo AS source FROM pg_subscription',
  );
  return /password='(\S+)'/.exec(rows[0]?.source ?? '')?.[1] ?? '';
}

it('no statement, no parameter, no view and no log has the one-time password, neither of the first attach nor of the second', async () => {
  const passwords: string[] = [];
  for (const attempt of ['first', 'second']) {
    await fenceTarget(plane);
    await ask('attach', { ...sides(plane), databases });
    passwords.push(await readPassword());
    expect(passwords.at(-1)?.length, attempt).toBeGreaterThan(40);
  }
  const told = { blue: await readTold('db-blue'), green: await readTold('db-green') };
  expect(told.blue).toContain('SELECT viridian.subscribe(');
  expect(told.blue).toContain('COPY viridian.handover FROM STDIN');
  expect(told.green).toContain('viridian.set_replication_password');
  for (const text of [told.blue, told.green]) {
    const lines = text.split('\n').filter((line) => passwords.some((password) => line.includes(password)));
    expect(lines.map((line) => line.slice(0, 200))).toEqual([]);
  }
});

it('nor has an error when new production refuses the sign-in', async () => {
  const file = `${plane.database('db-green').server.dataDirectory}/pg_hba.conf`;
  writeFileSync(file, `host all viridian_replication 127.0.0.1/32 reject\n${readFileSync(file, 'utf8')}`);
  await query('db-green', 'SELECT pg_reload_conf()');
  await ask('detach', { ...target(plane), databases });
  expect(await codeOfAsking('attach', { ...sides(plane), databases })).toBe('08006');
  const told = await readTold('db-blue');
  expect(told).toContain('could not connect to the publisher');
  expect(told).not.toMatch(/password='+[\w-]/);
});

it('keeps nothing of what was handed over', async () => {
  expect((await query('db-blue', 'SELECT FROM viridian.handover')).rowCount).toBe(0);
});
