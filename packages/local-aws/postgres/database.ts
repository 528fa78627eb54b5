import pg, { escapeIdentifier } from 'pg';
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

/** A statement that made something of a schema, and where it stands, where it came from a file. */
export interface SchemaStatement {
  sql: string;
  /** For example `shop.sql, line 12`. */
  place?: string;
}

/** A database of the data plane: one server with the application's database on it. */
export interface Database {
  resourceId: string;
  /** Name on the server. */
  name: string;
  /** As RDS writes it, for example `15.8`; the server runs the newest minor version that is installed. */
  engineVersion: string;
  server: Server;
  /** Our own sessions, which no fence stops. */
  sql: pg.Pool;
  /** Statements that made the schema, in order; green is made from them. */
  schema: SchemaStatement[];
  /** What else is on the same server, where the user's dump has several databases. Those have no others in their turn. */
  others: Database[];
}

/** A server's databases as one, with the contents of another server's where it is a copy of that one. */
export function openDatabase(
  resourceId: string,
  engineVersion: string,
  server: Server,
  copied?: Database,
): Database {
  const named = (name: string, from?: Database): Database => ({
    resourceId,
    engineVersion,
    server,
    name,
    sql: openPool(server, name),
    schema: [...(from?.schema ?? [])],
    others: [],
  });
  const others = (copied?.others ?? []).map((other) => named(other.name, other));
  return { ...named(APP_DATABASE, copied), others };
}

/** The application's database and the others of its server. */
export const partsOf = (database: Database): Database[] => [database, ...database.others];

/** Another database beside the application's; made when it is not there. */
export async function otherDatabase(
  main: Database,
  name: string,
  { make }: { make: boolean },
): Promise<Database> {
  if (make) await main.sql.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0`);
  const { resourceId, engineVersion, server } = main;
  const sql = openPool(server, name);
  const other = { resourceId, engineVersion, server, name, sql, schema: [], others: [] };
  main.others.push(other);
  return other;
}

/** Ends our sessions on all of its databases. Waits for queries that are under way. */
export async function closeDatabase(database: Database): Promise<void> {
  await Promise.all(partsOf(database).map(({ sql }) => sql.end()));
}

/** Sessions of the owner on one database. */
function openPool(server: Server, name: string): pg.Pool {
  const pool = new pg.Pool({ ...ownerConnection(server, name), max: 4 });
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

/**
 * The same for what RDS itself does to a database: triggers of the user do not fire, event triggers among them, unless they are enabled for
 * replicas as well.
 */
export function serviceConnection(database: Database): pg.ClientConfig {
  const connection = ownerConnection(database.server, database.name);
  return { ...connection, options: `${connection.options} -c session_replication_role=replica` };
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
