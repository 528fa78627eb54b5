import { basename } from 'node:path';
import { ownSchema, probeUser, replicationUser, workingUsers } from '../../functions/sql/mysql/names.ts';
import { handler } from '../../functions/sql/mysql.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import type { DumpReport } from '../../packages/local-aws/dump/progress.ts';
import { connectTo } from '../../packages/local-aws/mysql/connection.ts';
import { MysqlDataPlane, type MysqlOptions } from '../../packages/local-aws/mysql/data-plane.ts';
import { APP_USER, type Database } from '../../packages/local-aws/mysql/database.ts';
import { loadDump } from '../../packages/local-aws/mysql/dump/dump.ts';
import { readStatus } from '../../packages/local-aws/mysql/link.ts';
import { type Flavour, seriesOf } from '../../packages/local-aws/mysql/server/programs.ts';
import { findNewestSeries, providePrograms } from '../../packages/local-aws/mysql/server/provide.ts';
import {
  checkCounters,
  findKeys,
  seedWorkload,
  WORKLOAD_SCHEMA,
} from '../../packages/local-aws/mysql/workload.ts';
import { newest } from '../blue.ts';
import { MYSQL_KINDS } from '../workload/clients/mysql-client.ts';
import { setupStatements } from './mysql-setup.ts';
import { progressOf } from './progress-of.ts';
import type { Servers } from './servers.ts';

export interface MysqlServersOptions {
  flavour: Flavour;
  from: string;
  to: string;
  /** Folders with servers that the user has, by series. */
  named: ReadonlyMap<string, string>;
  told: (line: string) => void;
}

/** Opens the data plane with servers of two series of MariaDB or MySQL. Rejects when one cannot be had. */
export async function openMysql(
  { flavour, from, to, named, told }: MysqlServersOptions,
  options: Pick<MysqlOptions, 'keep' | 'clock' | 'longTransactionSeconds' | 'aurora' | 'addresses'>,
): Promise<Servers> {
  const provide = (series: string) => providePrograms(flavour, series, { named, told });
  const find = async (series: string) =>
    provide(series === newest ? await findNewestSeries(flavour) : series);
  const [old, next] = [await find(from), await find(to)];
  const versions = new Map([
    [from, old.version],
    [to, next.version],
  ]);
  const roles = { functions: [workingUsers[0] ?? '', probeUser], replication: [replicationUser] };
  const plane = await MysqlDataPlane.open({
    ...options,
    roles,
    find: (version) => provide(seriesOf(version)),
  });
  return {
    plane,
    versions,
    // Green is born empty and follows blue from its first log on, which a physical copy would come to as well.
    green: { way: 'copy', because: null },
    sql: { name: 'sqlMysql', handler },
    // Each session takes two statements before it does anything; the tenth of "open" is the last one to the closed side.
    deaths: { 'set-sequences': 6, open: 12 },
    async fill(blue, { rows, dump, told }) {
      const loaded = dump === undefined ? undefined : await loadOwn(plane.database(blue), dump, told);
      await seedWorkload(plane.database(blue), APP_USER, rows);
      return {
        warnings: loaded?.warnings ?? [],
        own: loaded ? { tables: loaded.tables, rows: loaded.rows } : null,
      };
    },
    whyNoGreen: async () => [],
    refusedUpgrades: () => [],
    defects: {},
    async prepareWayBack(blue) {
      for (const statement of setupStatements()) await plane.database(blue).sql.query(statement);
      configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });
    },
    async probe(resourceId) {
      const session = await plane.database(resourceId).server.connect();
      await session.query('SELECT 1');
      session.end();
    },
    run: (resourceId, statement) => plane.database(resourceId).sql.query(statement),
    // No UPDATE is refused for want of a key, whatever is replicated.
    touchOwn: async () => ({ stop: async () => [] }),
    findKeys: (resourceId) => findKeys(plane.database(resourceId)),
    async readVersion(resourceId) {
      const [row] = await plane.database(resourceId).sql.query('SELECT VERSION() AS version');
      return /^[\d.]+/.exec(String(row?.version))?.[0] ?? '';
    },
    checkSequences: (resourceId) => checkCounters(plane.database(resourceId)),
    async findReplication(resourceId) {
      const status = await readStatus(plane.database(resourceId));
      return status ? ['replication from another server'] : [];
    },
    readStatistics: async () => null,
    // Blue does not know the type: the statement stops the stream.
    breaksReverseStream:
      flavour === 'mariadb'
        ? `CREATE TABLE ${WORKLOAD_SCHEMA}.shapes (id INT PRIMARY KEY, v VECTOR(3) NOT NULL)`
        : `CREATE TABLE ${WORKLOAD_SCHEMA}.shapes AS SELECT 1 AS id`,
    troubles: {},
    countAccounts,
    openReader,
    admitsToOldBlue: true,
    metrics: ['DatabaseConnections'],
    writers: { user: APP_USER, database: WORKLOAD_SCHEMA, kinds: MYSQL_KINDS.map(({ name }) => name) },
  };
}

/** The user's dump, but for what the run makes for itself. */
const loadOwn = (database: Database, dump: string, told?: (line: string) => void): Promise<DumpReport> =>
  loadDump(database, dump, {
    ownSchemas: [ownSchema, WORKLOAD_SCHEMA],
    ownUsers: [...workingUsers, probeUser, replicationUser],
    ...(told && { onProgress: progressOf(told) }),
  });

const openReader: Servers['openReader'] = async (at) => {
  const session = await connectTo({ ...at, user: APP_USER, database: WORKLOAD_SCHEMA });
  return {
    async readNewest() {
      // Folders of data are named after the resource ids of their databases.
      const [row] = await session.query(
        `SELECT @@GLOBAL.datadir AS folder,
           (SELECT TIMESTAMPDIFF(MICROSECOND, at, NOW(6)) / 1000 FROM audit_log ORDER BY id DESC LIMIT 1) AS age`,
      );
      return { server: basename(String(row?.folder)), ageMs: Number(row?.age ?? 0) };
    },
    end: () => session.end(),
  };
};

const countAccounts: Servers['countAccounts'] = async ({ host, port }, all) => {
  const session = await connectTo({ host, port, user: APP_USER, database: WORKLOAD_SCHEMA });
  try {
    const [row] = await session.query(
      `SELECT COUNT(*) AS count, VERSION() AS version FROM accounts WHERE ${all ? 'TRUE' : 'id < 0'}`,
    );
    return { count: Number(row?.count), version: String(row?.version) };
  } finally {
    session.end();
  }
};
