import type { Connection } from './connection.ts';
import type { MysqlServer } from './server/server.ts';
import { auroraStatements, hasProcedure } from './server/service-procedures.ts';

/** Schema of the application on every server. */
export const APP_SCHEMA = 'app';
/** Account that the workload signs in as. It is bound by every fence. */
export const APP_USER = 'app';

/** A database of the data plane: one server with the application's schema on it. */
export interface Database {
  resourceId: string;
  /** As RDS writes it. */
  engineVersion: string;
  server: MysqlServer;
  /** Our own session, which no fence stops. */
  sql: Connection;
}

export async function openDatabase(
  resourceId: string,
  engineVersion: string,
  server: MysqlServer,
): Promise<Database> {
  return { resourceId, engineVersion, server, sql: await server.connect() };
}

/** Nothing of it enters the log. */
export async function makeAuroraProcedures({ sql }: Database): Promise<void> {
  if (await hasProcedure(sql, 'rds_set_read_only')) return;
  await sql.query('SET SESSION sql_log_bin = 0');
  for (const statement of auroraStatements()) await sql.query(statement);
  await sql.query('SET SESSION sql_log_bin = 1');
}
