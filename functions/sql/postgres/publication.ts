import { Refused } from '../refused.ts';
import { publication } from './names.ts';
import type { Session } from './session.ts';

/** What our publication's comment says, so that every later step finds it: whose it is, and how far it came. */
export interface PublicationNote {
  run: string;
  /** Everything that was committed before lies before this position. */
  asked: string;
  /** Where the slot began, once it was proved that nothing was written between the cut and it. */
  start?: string;
}

/** The note of the publication in this database; undefined when there is none, rejects when it is not ours to touch. */
export async function readNote(session: Session, run: string): Promise<PublicationNote | undefined> {
  const { rows } = await session.query<{ comment: string | null; whole: boolean }>(
    `SELECT obj_description(oid, 'pg_publication') AS comment,
            puballtables AND pubinsert AND pubupdate AND pubdelete AND pubtruncate AS whole
       FROM pg_publication WHERE pubname = $1`,
    [publication],
  );
  const [found] = rows;
  if (!found) return undefined;
  const note = parseNote(found.comment);
  if (note?.run !== run || !found.whole) {
    throw new Refused('foreign', `publication ${publication} is of another run: close that way back first`);
  }
  return note;
}

/** Publishes all tables of the database. */
export async function publish(session: Session, note: PublicationNote): Promise<void> {
  await session.query('SELECT viridian.publish($1)', [JSON.stringify(note)]);
}

export async function writeNote(session: Session, note: PublicationNote): Promise<void> {
  await session.query('SELECT viridian.note_publication($1)', [JSON.stringify(note)]);
}

function parseNote(comment: string | null): PublicationNote | undefined {
  try {
    return JSON.parse(comment ?? '') as PublicationNote;
  } catch {
    return undefined;
  }
}
