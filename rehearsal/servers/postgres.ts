import pg from 'pg';
import { ownRoles, replicationRole } from '../../functions/sql/postgres/names.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { PostgresDataPlane, type PostgresOptions } from '../../packages/local-aws/postgres/data-plane.ts';
import {
  APP_DATABASE,
  APP_ROLE,
  ownerConnection,
  withSession,
} from '../../packages/local-aws/postgres/database.ts';
import {
  breakReplication,
  lockAgainAndAgain,
  openLongTransaction,
} from '../../packages/local-aws/postgres/faults.ts';
import { MAJORS } from '../../packages/local-aws/postgres/server/binaries.ts';
import { checkSequences, findKeys } from '../../packages/local-aws/postgres/verify.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';
import { KINDS } from '../workload/clients/client-kinds.ts';
import { findReplication, readTables } from './postgres-catalogs.ts';
import { fillPostgres } from './postgres-fill.ts';
import type { GreenWay } from './postgres-green-way.ts';
import { OwnTables } from './postgres-own-tables.ts';
import { prepareWayBack } from './postgres-setup.ts';
import type { Servers } from './servers.ts';

/** Statements that make blue a database that is refused. */
const defects: Servers['defects'] = {
  'no-primary-key': 'CREATE TABLE public.keyless (word text)',
  unlogged: 'CREATE UNLOGGED TABLE public.carts (id int PRIMARY KEY)',
  'cdc-slot': `SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')`,
};

/** Opens the data plane, and finds the programs of every major that this machine has. Rejects when a needed one is missing. */
export async function openPostgres(
  options: Omit<PostgresOptions, 'roles' | 'programs'>,
  needed: string[],
  { found, green, clients }: GreenWay,
): Promise<Servers & { plane: PostgresDataPlane }> {
  const plane = await PostgresDataPlane.open({
    ...options,
    ...(found && { programs: found }),
    roles: { functions: ownRoles.filter((role) => role !== replicationRole), replication: [replicationRole] },
  });
  const sqlOf = (resourceId: string) => plane.database(resourceId).sql;
  return {
    plane,
    versions: await installedVersions(plane, needed).catch(async (error) => {
      await plane.dispose();
      throw error;
    }),
    green,
    sql: { name: 'sqlPostgres', handler },
    deaths: { 'set-sequences': 4, open: 6 },
    fill: (blue, filling) => fillPostgres(plane, blue, filling, clients),
    whyNoGreen: (blue, engineVersion) => plane.whyNoGreen(blue, engineVersion),
    refusedUpgrades: () => plane.refusedUpgrades,
    defects,
    prepareWayBack: (blue) => prepareWayBack(plane, blue),
    async probe(resourceId) {
      const { server } = plane.database(resourceId);
      await withSession(ownerConnection(server, 'postgres'), (session) => session.query('SELECT 1'));
    },
    run: (resourceId, statement) => sqlOf(resourceId).query(statement),
    touchOwn: (blue, port) => OwnTables.touch(plane.database(blue), port),
    findKeys: (resourceId) => findKeys(plane.database(resourceId)),
    async readVersion(resourceId) {
      const { rows } = await sqlOf(resourceId).query<{ version: string }>(
        `SELECT current_setting('server_version') AS version`,
      );
      return rows[0]?.version ?? '';
    },
    checkSequences: (resourceId) => checkSequences(plane.database(resourceId)),
    findReplication: (resourceId) => findReplication(plane.database(resourceId)),
    readStatistics: (resourceId) => readTables(sqlOf(resourceId)),
    // A change of the schema is not carried back: with the next row of that table the stream stops.
    breaksReverseStream: `ALTER TABLE ${WORKLOAD_SCHEMA}.audit_log ADD COLUMN channel text NOT NULL DEFAULT 'web'`,
    troubles: {
      breakReplication: (deployment) => breakReplication(plane.link(deployment)),
      openLongTransaction,
      slowDown: lockAgainAndAgain,
    },
    countAccounts,
    openReader,
    admitsToOldBlue: false,
    // Nobody meters the CPU of each server here.
    metrics: ['ReadLatency', 'WriteLatency', 'DatabaseConnections'],
    writers: { user: APP_ROLE, database: APP_DATABASE, kinds: KINDS.map(({ name }) => name) },
  };
}

const newestRow = `SELECT current_setting('cluster_name') AS server,
  (SELECT extract(epoch FROM clock_timestamp() - at) * 1000 FROM ${WORKLOAD_SCHEMA}.audit_log ORDER BY id DESC LIMIT 1) AS age`;

const openReader: Servers['openReader'] = async (at) => {
  const session = new pg.Client({ ...at, user: APP_ROLE, database: APP_DATABASE });
  // A session that breaks rejects the read that runs; without one there is nobody to tell.
  session.on('error', () => {});
  await session.connect();
  return {
    async readNewest() {
      const { rows } = await session.query<{ server: string; age: string | null }>(newestRow);
      return { server: rows[0]?.server ?? '', ageMs: Number(rows[0]?.age ?? 0) };
    },
    end: () => void session.end().catch(() => {}),
  };
};

const countAccounts: Servers['countAccounts'] = async ({ host, port }, all) => {
  const session = new pg.Client({ host, port, user: APP_ROLE, database: APP_DATABASE });
  await session.connect();
  try {
    const { rows } = await session.query<{ count: number; version: string }>(
      `SELECT count(*)::int AS count, current_setting('server_version') AS version FROM ${WORKLOAD_SCHEMA}.accounts WHERE ${all ? 'true' : 'id < 0'}`,
    );
    return rows[0] ?? { count: 0, version: '' };
  } finally {
    await session.end();
  }
};

async function installedVersions(plane: PostgresDataPlane, needed: string[]): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const major of MAJORS) {
    const binaries = await plane.workspace.binaries(major).catch((error: unknown) => {
      if (needed.includes(String(major))) throw error;
    });
    if (binaries) versions.set(String(major), binaries.version);
  }
  return versions;
}
