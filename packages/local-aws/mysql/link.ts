import type { DataPlane } from '../rds/data-plane.ts';
import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import type { Row } from './connection.ts';
import type { Database } from './database.ts';
import { OWNER } from './server/server.ts';

/** Replication of the binary log from blue to green. */
export interface Link {
  blue: Database;
  green: Database;
}

/** How long the first copy may take, in real milliseconds. */
const buildMs = 30 * 60_000;

/** Lets green follow blue from its first log on, and waits until it has everything that blue had then. */
export async function startLink(link: Link, onProgress: (percent: number) => void): Promise<void> {
  const { blue, green } = link;
  const [first] = await blue.sql.query('SHOW BINARY LOGS');
  if (!String(first?.Log_name).endsWith('.000001'))
    throw new Error('blue no longer has its first binary log, from which green is made');
  const word = await wordFor(green);
  await green.sql.query(`CALL mysql.rds_set_external_${word}(?, ?, ?, ?, ?, ?, 0)`, [
    '127.0.0.1',
    blue.server.port,
    OWNER,
    '',
    String(first?.Log_name),
    4,
  ]);
  await green.sql.query('CALL mysql.rds_start_replication()');
  await drain(link, lateAfter(buildMs));
  onProgress(100);
}

/** Green follows nobody any more. May be repeated. */
export async function stopLink({ green }: Link): Promise<void> {
  if (!(await readStatus(green))) return;
  await green.sql.query(`CALL mysql.rds_reset_external_${await wordFor(green)}()`);
}

/**
 * Waits until green has applied everything that is in blue's log now. A lag of zero is no such proof: it is what a stream whose first half
 * has stopped says as well.
 */
export async function drain({ blue, green }: Link, isLate: IsLate): Promise<void> {
  const { file, position } = await readPosition(blue);
  for (;;) {
    const [row] = await green.sql
      .query('SELECT MASTER_POS_WAIT(?, ?, 1) AS waited', [file, position])
      .catch(() => []);
    if (row?.waited !== null && Number(row?.waited) >= 0) return;
    const status = await readStatus(green);
    const error = status && describeError(status);
    if (error) throw new Error(`replication to green has stopped: ${error}`);
    if (isLate()) throw new Error(`green had not applied ${file}:${position} of blue's log in time`);
    await realClock.sleep(2);
  }
}

/** Where a server's own log ends. */
export async function readPosition({ sql, server }: Database): Promise<{ file: string; position: number }> {
  const { flavour, version } = server.programs;
  const [row] = await sql.query(
    flavour === 'mysql' && Number.parseFloat(version) >= 8.2
      ? 'SHOW BINARY LOG STATUS'
      : 'SHOW MASTER STATUS',
  );
  return { file: String(row?.File), position: Number(row?.Position) };
}

/** How replication does, as the service publishes it. */
export async function readLink(link: Link): ReturnType<DataPlane['replication']> {
  const status = await readStatus(link.green);
  if (!status) return { state: 'stopped', lagSeconds: null, lagBytes: null };
  const error = describeError(status);
  const seconds = valueIn(status, 'Seconds_Behind_Source');
  const applied = positionOf(status);
  const end = await readPosition(link.blue);
  const lagBytes = applied.file === end.file ? Math.max(0, end.position - applied.position) : null;
  if (error) return { state: 'stopped', lagSeconds: null, lagBytes, message: error };
  const runs = ['Replica_IO_Running', 'Replica_SQL_Running'].every((half) => valueIn(status, half) === 'Yes');
  return {
    state: runs ? 'replicating' : 'degraded',
    lagSeconds: runs && seconds !== '' ? Number(seconds) : null,
    lagBytes,
    ...(!runs && { message: 'green does not fetch or does not apply the log of blue' }),
  };
}

function positionOf(status: Row): { file: string; position: number } {
  return {
    file: String(valueIn(status, 'Relay_Source_Log_File')),
    position: Number(valueIn(status, 'Exec_Source_Log_Pos')),
  };
}

function describeError(status: Row): string | undefined {
  const found = (['SQL', 'IO'] as const)
    .map((half) => ({ half, errno: Number(valueIn(status, `Last_${half}_Errno`)) }))
    .find(({ half, errno }) => errno !== 0 && valueIn(status, `Replica_${half}_Running`) === 'No');
  return found && `error ${found.errno}: ${valueIn(status, `Last_${found.half}_Error`)}`;
}

export async function readStatus({ sql }: Database): Promise<Row | undefined> {
  const [row] = await sql.query('CALL mysql.rds_replica_status()');
  return row;
}

function valueIn(status: Row, name: string): unknown {
  return status[name] ?? status[name.replace('Source', 'Master').replace('Replica', 'Slave')] ?? '';
}

async function wordFor({ sql }: Database): Promise<'master' | 'source'> {
  const rows = await sql.query(
    `SELECT 1 AS found FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_external_source'`,
  );
  return rows.length > 0 ? 'source' : 'master';
}
