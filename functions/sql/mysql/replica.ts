import type { Place } from '../contract.ts';
import { replicationUser } from './names.ts';
import { isFrom, type Session } from './session.ts';

/** The stream into a server, as the server says it. */
export interface Replica {
  /** Where it comes from. */
  host: string;
  port: number;
  user: string;
  /** The two halves: what fetches the log, and what applies it. */
  fetching: string;
  applying: string;
  /** Errors that stopped a half; 0 for none. */
  fetchError: number;
  applyError: number;
  /** Everything before this position of the source's log is applied. */
  applied: string;
  fetched: string;
  /** Filters by which rows would be missing without an error, but for those of the service. */
  filters: string[];
}

/**
 * What is configured, whether it runs or not; undefined where nothing is. A user of RDS for MariaDB may not ask the server itself, and gets
 * it by a procedure.
 */
export async function readReplica(session: Session): Promise<Replica | undefined> {
  const [row] = await session.query<Record<string, string | number | null>>(statementFor(session));
  if (!row) return undefined;
  const value = (name: string) =>
    row[name] ?? row[name.replace('Source', 'Master').replace('Replica', 'Slave')] ?? '';
  return {
    host: String(value('Source_Host')),
    port: Number(value('Source_Port')),
    user: String(value('Source_User')),
    fetching: String(value('Replica_IO_Running')),
    applying: String(value('Replica_SQL_Running')),
    fetchError: Number(value('Last_IO_Errno')),
    applyError: Number(value('Last_SQL_Errno')),
    applied: `${value('Relay_Source_Log_File')}:${value('Exec_Source_Log_Pos')}`,
    fetched: `${value('Source_Log_File')}:${value('Read_Source_Log_Pos')}`,
    filters: readFilters(row),
  };
}

function statementFor(session: Session): string {
  if (session.flavour === 'mariadb') return 'CALL mysql.rds_replica_status()';
  return isFrom(session, '8.0.22') ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS';
}

const filterColumns = [
  'Replicate_Do_DB',
  'Replicate_Ignore_DB',
  'Replicate_Do_Table',
  'Replicate_Ignore_Table',
  'Replicate_Wild_Do_Table',
  'Replicate_Wild_Ignore_Table',
];

/** The service ignores tables of its own. */
function readFilters(row: Record<string, unknown>): string[] {
  return filterColumns.flatMap((column) => {
    const names = String(row[column] ?? '')
      .split(',')
      .filter((name) => name !== '' && !name.startsWith('mysql.'));
    return names.map((name) => `${column.toLowerCase()}=${name}`);
  });
}

/** Whether the stream is the one of a way back from this server. */
export function isOurs({ host, port, user }: Replica, source: Pick<Place, 'host' | 'port'>): boolean {
  return user === replicationUser && host === source.host && port === source.port;
}

export const runs = ({ fetching, applying }: Replica): boolean => fetching === 'Yes' && applying === 'Yes';
export const stands = ({ fetching, applying }: Replica): boolean => fetching === 'No' && applying === 'No';

/** RDS for MySQL from 8.4 on and Aurora MySQL from version 3 on say source where others say master. */
async function wordFor(session: Session): Promise<'master' | 'source'> {
  if (session.flavour === 'mariadb') return 'master';
  const rows = await session.query(
    `SELECT 1 AS found FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_external_source'`,
  );
  return rows.length > 0 ? 'source' : 'master';
}

/** Lets a server follow another one from a position on. Nothing runs yet. */
export async function follow(
  session: Session,
  source: Place,
  password: string,
  { file, offset }: { file: string; offset: number },
  encrypted: boolean,
): Promise<void> {
  const word = await wordFor(session);
  await session.query(`CALL mysql.rds_set_external_${word}(?, ?, ?, ?, ?, ?, ?)`, [
    source.host,
    source.port,
    replicationUser,
    password,
    file,
    offset,
    encrypted ? 1 : 0,
  ]);
}

export async function startReplica(session: Session): Promise<void> {
  await session.query('CALL mysql.rds_start_replication()');
}

/** Stops both halves between two transactions. Where the stream stands is kept. */
export async function stopReplica(session: Session): Promise<void> {
  await session.query('CALL mysql.rds_stop_replication()');
}

/** Forgets the stream, and where it stands. */
export async function forgetReplica(session: Session, replica: Replica): Promise<void> {
  if (!stands(replica)) await stopReplica(session);
  await session.query(`CALL mysql.rds_reset_external_${await wordFor(session)}()`);
}
