import { comparePositions } from '../../domain/way-back/log-position.ts';
import { Refused } from '../refused.ts';
import { literal } from './quoting.ts';
import { isFrom, type Session } from './session.ts';

/** A file of the binary log and how long it is, in bytes. */
export interface LogFile {
  name: string;
  bytes: number;
}

/** A position of the binary log, written `file:offset`. */
export async function readPosition(session: Session): Promise<string> {
  const newWords = session.flavour === 'mysql' && isFrom(session, '8.2.0');
  const [row] = await session.query<{ File: string; Position: number }>(
    newWords ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS',
  );
  if (!row) throw new Refused('not-secured', 'the server keeps no binary log: turn automated backups on');
  return `${row.File}:${row.Position}`;
}

/** Files that the server still has, oldest first. */
export async function readLogFiles(session: Session): Promise<LogFile[]> {
  const rows = await session.query<{ Log_name: string; File_size: number }>('SHOW BINARY LOGS');
  return rows.map(({ Log_name, File_size }) => ({ name: Log_name, bytes: Number(File_size) }));
}

/** Bytes of log from a position to the end; undefined where the server no longer has the file. */
export function bytesSince(files: LogFile[], position: string): number | undefined {
  const { file, offset } = splitPosition(position);
  const from = files.findIndex(({ name }) => name === file);
  if (from < 0) return undefined;
  return Math.max(0, files.slice(from).reduce((sum, { bytes }) => sum + bytes, 0) - offset);
}

export function splitPosition(position: string): { file: string; offset: number } {
  const end = position.lastIndexOf(':');
  const [file, offset] = [position.slice(0, end), Number(position.slice(end + 1))];
  if (end < 1 || !Number.isSafeInteger(offset)) throw new TypeError('this is no position of a binary log');
  return { file, offset };
}

/** One event as `SHOW BINLOG EVENTS` writes it. */
export interface LogEvent {
  position: string;
  end: string;
  kind: string;
  /** Of the server that wrote it first, also where it came by replication. */
  serverId: number;
  info: string;
}

/** So many events are read by one statement: 3,000 take 0.1 to 0.2 s. */
const eventsAtOnce = 2_000;

/**
 * Events from a position on, in order, until `take` answers false or the log ends. The position must be the beginning of an event: inside of one
 * the server rejects.
 */
export async function readEvents(
  session: Session,
  from: string,
  take: (event: LogEvent) => boolean,
): Promise<void> {
  const files = await readLogFiles(session);
  const start = splitPosition(from);
  const first = files.findIndex(({ name }) => name === start.file);
  if (first < 0)
    throw new Refused('not-secured', `the server no longer has ${start.file}, in which the cut lies`);
  for (const { name } of files.slice(first)) {
    const goesOn = await readFile(session, name, name === start.file ? start.offset : 4, take);
    if (!goesOn) return;
  }
}

interface Shown {
  Pos: number;
  Event_type: string;
  Server_id: number;
  End_log_pos: number;
  Info: string;
}

async function readFile(
  session: Session,
  file: string,
  from: number,
  take: (event: LogEvent) => boolean,
): Promise<boolean> {
  for (let offset = from; ; ) {
    const rows = await session.query<Shown>(
      `SHOW BINLOG EVENTS IN ${literal(file)} FROM ${offset} LIMIT ${eventsAtOnce}`,
    );
    for (const { Pos, Event_type, Server_id, End_log_pos, Info } of rows) {
      const event = {
        position: `${file}:${Pos}`,
        end: `${file}:${End_log_pos}`,
        kind: Event_type,
        serverId: Number(Server_id),
        info: Info,
      };
      if (!take(event)) return false;
    }
    const last = rows.at(-1);
    if (!last || rows.length < eventsAtOnce) return true;
    offset = Number(last.End_log_pos);
  }
}

/** Whether `position` lies at `least` or behind it. */
export const hasReached = (position: string, least: string): boolean =>
  comparePositions(position, least) >= 0;
