import { ownSchema } from './names.ts';
import { literal } from './quoting.ts';
import type { Session } from './session.ts';

/**
 * What a fence has taken away, so that exactly this is given back: accounts that it locked, and how long logs were kept before. The rows stand on
 * new production and travel with the stream, so that the other side knows whom to let in.
 */
export type NoteKind = 'account' | 'retention';

export async function readNotes(session: Session, kind: NoteKind): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT name FROM ${ownSchema}.taken WHERE kind = ? ORDER BY name`,
    [kind],
  );
  return rows.map(({ name }) => name);
}

export async function addNotes(session: Session, kind: NoteKind, names: string[]): Promise<void> {
  if (names.length === 0) return;
  const rows = names.map((name) => `('${kind}', ${literal(name)})`);
  await session.query(`INSERT IGNORE INTO ${ownSchema}.taken (kind, name) VALUES ${rows.join(', ')}`);
}

export async function removeNotes(session: Session, kind: NoteKind): Promise<void> {
  await session.query(`DELETE FROM ${ownSchema}.taken WHERE kind = ?`, [kind]);
}

/**
 * Where the log of this server stood when the last client had gone; empty where no fence of its own stands. The stream brings the note of the other
 * side as well, whose positions mean nothing here.
 */
export async function readFencePosition(session: Session): Promise<string> {
  const own = `${session.serverId}=`;
  const [row] = await session.query<{ position: string }>(
    `SELECT position FROM ${ownSchema}.fence WHERE id = 1`,
  );
  return row?.position.startsWith(own) ? row.position.slice(own.length) : '';
}

/** The row is there from the setup on: only its values change, so a stream that brings the change twice does no harm. */
export async function noteFencePosition(session: Session, position: string): Promise<void> {
  const note = position === '' ? '' : `${session.serverId}=${position}`;
  await session.query(`UPDATE ${ownSchema}.fence SET position = ? WHERE id = 1`, [note]);
}
