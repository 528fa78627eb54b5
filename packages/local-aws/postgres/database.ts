import pg from 'pg';
import { OWNER, type Server } from './server/server.ts';

/** Name of the application's database on every server. */
export const APP_DATABASE = 'app';
/** Role that owns the application's database and that the workload signs in as. It is bound by every fence. */
export const APP_ROLE = 'app';
/** Role that stands for the RDS master user. It is a superuser here, because RDS's own grants do not exist elsewhere. */
export const MASTER_ROLE = 'postgres';

/** Application name of our own sessions. */
export const OWN_SESSIONS = 'local-aws';

/** Whatever runs queries: our pool, or one session of it. */
export type Sql = Pick<pg.Client, 'query'>;

/** A database of the data plane: one server with the application's database on it. */
export interface Database {
  resourceId: string;
  /** As RDS writes it, for example `15.8`; the server runs the newest minor version that is installed. */
  engineVersion: string;
  server: Server;
  /** Our own sessions, which no fence stops. */
  sql: pg.Pool;
  /** Statements that made the schema, in order; green is made from them. */
  schema: string[];
  /** Statements for when the rows are there: what fills materialized views. */
  afterCopy: string[];
}

/** Sessions of the owner on the application's database. */
export function openPool(server: Server): pg.Pool {
  const pool = new pg.Pool({ ...ownerConnection(server, APP_DATABASE), max: 4 });
  // A session that breaks while it is idle is replaced by the next query; one that breaks in a query rejects it.
  pool.on('error', () => {});
  return pool;
}

/** Connection settings of the owner, who may write where applications may not. */
export function ownerConnection(server: Server, database: string): pg.ClientConfig {
  return {
    host: '127.0.0.1',
    port: server.port,
    user: OWNER,
    database,
    application_name: OWN_SESSIONS,
    options: '-c default_transaction_read_only=off',
  };
}

/** Runs one piece of work in a session of its own. */
export async function withSession<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Makes the application's database and the roles that RDS has. */
export async function createAppDatabase(server: Server): Promise<void> {
  await withSession(ownerConnection(server, 'postgres'), async (client) => {
    await client.query(`
      CREATE ROLE ${MASTER_ROLE} LOGIN SUPERUSER;
      CREATE ROLE ${APP_ROLE} LOGIN;
      CREATE ROLE rds_superuser; CREATE ROLE rds_replication; CREATE ROLE rds_iam;`);
    await client.query(`CREATE DATABASE ${APP_DATABASE} OWNER ${APP_ROLE}`);
  });
}
