import type { DumpReport } from '../../packages/local-aws/dump/progress.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { APP_ROLE, type Database } from '../../packages/local-aws/postgres/database.ts';
import { loadDump } from '../../packages/local-aws/postgres/dump/dump.ts';
import { loadSource } from '../../packages/local-aws/postgres/dump/source.ts';
import { seedWorkload } from '../../packages/local-aws/postgres/seed.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';
import { CannotStart } from '../../packages/local-aws/servers/cannot-start.ts';
import type { GreenWay } from './postgres-green-way.ts';
import { progressOf } from './progress-of.ts';
import type { Filling, Servers } from './servers.ts';

type Clients = GreenWay['clients'];

/** Schemas that only this project makes: a dump of a database where they were set up brings them along, and the run makes its own. */
const ownSchemas = ['viridian', WORKLOAD_SCHEMA];

/** Fills blue: the user's dump or server when there is one, and the workload's own tables beside it. */
export async function fillPostgres(
  plane: PostgresDataPlane,
  blue: string,
  filling: Filling,
  clients: Clients,
): ReturnType<Servers['fill']> {
  const loaded = await loadOwn(plane.database(blue), filling, clients);
  const warnings = loaded?.warnings ?? [];
  // Tables of a dump are of its own roles, and the writers change them all.
  if (loaded) await plane.loadSchema(blue, `GRANT pg_read_all_data, pg_write_all_data TO ${APP_ROLE}`);
  for (const schema of await schemasOf(plane.database(blue), ownSchemas)) {
    await plane.loadSchema(blue, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    warnings.push(`the schema ${schema} is the workflow's own, so it was taken away and is made anew`);
  }
  await seedWorkload(plane, blue, filling.rows);
  return { warnings, own: loaded ? { tables: loaded.tables, rows: loaded.rows } : null };
}

async function loadOwn(
  database: Database,
  filling: Filling,
  clients: Clients,
): Promise<DumpReport | undefined> {
  const { dump, source, rowsPerTable = 0, told } = filling;
  const options = {
    ...(clients && { pgRestore: clients.pgRestore }),
    skipExtensions: filling.skipExtensions ?? false,
    ...(told && { onProgress: progressOf(told) }),
  };
  if (dump) return loadDump(database, dump, options);
  if (!source) return undefined;
  if (!clients)
    throw new CannotStart(
      '--source needs pg_dump, and this machine has none: install the client programs of PostgreSQL, or name their folder with --pg-bin',
    );
  return loadSource(database, source, { ...options, pgDump: clients.pgDump, rowsPerTable });
}

async function schemasOf({ sql }: Database, names: string[]): Promise<string[]> {
  const { rows } = await sql.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1)',
    [names],
  );
  return rows.map(({ nspname }) => nspname);
}
