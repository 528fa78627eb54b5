import { addNotes, readNotes, removeNotes } from './notes.ts';
import type { Session } from './session.ts';

/** RDS keeps logs for a week at most. */
const wantedHours = 168;

/** Hours for which the service keeps the log; null: it removes it as soon as nobody of its own needs it. */
export async function readRetention(session: Session): Promise<number | null> {
  const rows = await session.query<{ name: string; value: string | number | null }>(
    'CALL mysql.rds_show_configuration()',
  );
  const value = rows.find(({ name }) => name === 'binlog retention hours')?.value;
  return value == null ? null : Number(value);
}

/** Has the service keep the log as long as it can, and notes what it did before. */
export async function keepLogs(session: Session): Promise<void> {
  const hours = await readRetention(session);
  if (hours !== null && hours >= wantedHours) return;
  if ((await readNote(session)) === undefined)
    await addNotes(session, 'retention', [`${session.serverId}=${hours ?? 'none'}`]);
  await session.query(`CALL mysql.rds_set_configuration('binlog retention hours', ?)`, [wantedHours]);
}

/** What was noted of this server: the stream brings notes to the other side, where they mean nothing. */
export async function readNote(session: Session): Promise<string | undefined> {
  const own = `${session.serverId}=`;
  const note = (await readNotes(session, 'retention')).find((name) => name.startsWith(own));
  return note?.slice(own.length);
}

/** Whether the service still keeps the log for us, and for how long it did before. */
export async function readLogKept(
  session: Session,
): Promise<{ hours: number; before: number | null } | undefined> {
  const note = await readNote(session);
  if (note === undefined) return undefined;
  const before = hoursOf(note);
  const hours = await readRetention(session);
  return hours === null || hours === before ? undefined : { hours, before };
}

const hoursOf = (note: string): number | null => (note === 'none' ? null : Number(note));

/** Gives the service back how long it kept the log before. */
export async function releaseLogs(session: Session): Promise<void> {
  const before = await readNote(session);
  if (before === undefined) return;
  await session.query(`CALL mysql.rds_set_configuration('binlog retention hours', ?)`, [hoursOf(before)]);
  await removeNotes(session, 'retention');
}
