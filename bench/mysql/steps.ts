import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../packages/local-aws/mysql/database.ts';

/** Steps of a person with the rights of the service, on sessions that are open already. */

export interface Position {
  file: string;
  offset: number;
}

export async function positionOf({ sql }: Pick<Database, 'sql'>): Promise<Position> {
  const [row] = await sql.query('SHOW MASTER STATUS');
  return { file: String(row?.File), offset: Number(row?.Position) };
}

export const setReadOnly = ({ sql }: Database, on: boolean) =>
  sql.query(`SET GLOBAL read_only = ${on ? 1 : 0}`);

const clients = `SELECT id FROM information_schema.processlist WHERE user NOT IN ('rdsadmin', 'viridian', 'viridian_replication', 'system user', 'event_scheduler', 'unauthenticated user')
  AND command NOT IN ('Binlog Dump', 'Daemon')`;

/** Ends the sessions that there are now. @returns how many they were */
export async function endClientsOnce({ sql }: Database): Promise<number> {
  const found = await sql.query(clients);
  for (const { id } of found) await sql.query(`KILL ${Number(id)}`).catch(() => {});
  return found.length;
}

export async function endClients(database: Database): Promise<void> {
  while ((await endClientsOnce(database)) > 0) await sleep(1);
}

export async function refuseWriters({ sql }: Database): Promise<void> {
  const found = [...(await sql.query(clients)), ...(await sql.query('XA RECOVER'))];
  if (found.length > 0) throw new Error('somebody is still there');
}

/** Waits until a server has applied everything up to a position, by the server's own answer. */
export async function waitFor({ sql }: Database, { file, offset }: Position): Promise<void> {
  const [row] = await sql.query('SELECT MASTER_POS_WAIT(?, ?, 10) AS waited', [file, offset]);
  if (row?.waited === null || Number(row?.waited) < 0) throw new Error('it did not arrive');
}

export async function forget({ sql }: Database): Promise<void> {
  await sql.query('CALL mysql.rds_reset_external_master()');
}
