import { Refused } from '../refused.ts';
import { ownSchema, replicationRole, subscription } from './names.ts';
import type { Server, Session } from './session.ts';

/** Whether applications are kept out of a database, and by which walls. */
interface Walls {
  /**
   * Roles that may still connect. Superusers are not among them, from whom no right is taken, nor is the owner of our stream into the
   * database, in whose session it is applied.
   */
  openTo: string[];
  /** Sessions begin read-only, by a setting of the database or because the server is a physical copy. */
  readOnly: boolean;
}

/** Both walls of a fence: nobody but ours may connect, and a session that gets in all the same begins read-only. */
async function readWalls(session: Session): Promise<Walls> {
  const { rows } = await session.query<Walls>(
    `SELECT array(SELECT r.rolname::text FROM pg_roles r
                   WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname NOT IN (current_user, $1)
                     AND has_database_privilege(r.oid, current_database(), 'CONNECT')
                     AND NOT EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                                      WHERE s.subname = $2 AND s.subowner = r.oid AND d.datname = current_database())
                   ORDER BY 1 LIMIT 20) AS "openTo",
            pg_is_in_recovery() OR EXISTS (
              SELECT FROM pg_db_role_setting WHERE setrole = 0 AND 'default_transaction_read_only=on' = ANY (setconfig)
                 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) AS "readOnly"`,
    [replicationRole, subscription],
  );
  return rows[0] ?? { openTo: ['everybody'], readOnly: false };
}

function stand({ openTo, readOnly }: Walls): boolean {
  return readOnly && openTo.length === 0;
}

/** Whether the fence of this database stands, by what its server says. */
export async function isClosed(session: Session): Promise<boolean> {
  return stand(await readWalls(session));
}

/** Rejects unless the fence of this database stands. */
export async function requireClosed(session: Session, { host }: Server, database: string): Promise<void> {
  const walls = await readWalls(session);
  if (stand(walls)) return;
  const { openTo } = walls;
  const because = openTo.length > 0 ? `these roles may connect: ${openTo.join(', ')}` : 'sessions may write';
  throw new Refused('not-fenced', `database ${database} at ${host} is not closed: ${because}`);
}

/** What stood when the last session had ended that could write. */
export interface FenceNote {
  /** Of the log. */
  position: string;
  /** Rows changed since the statistics of the database began; null where that could not be read. */
  changes: string | null;
}

/** Closes this database, or closes again to whom it was opened meanwhile. */
export async function closeDatabase(session: Session): Promise<void> {
  await session.query(`SELECT ${ownSchema}.close_database()`);
}

/** Gives back everything that {@link closeDatabase} has taken away; nothing where it has taken nothing. */
export async function openDatabase(session: Session): Promise<void> {
  await session.query(`SELECT ${ownSchema}.open_database()`);
}

export async function noteFence(session: Session, note: FenceNote): Promise<void> {
  await session.query(`SELECT ${ownSchema}.note_fence($1)`, [JSON.stringify(note)]);
}

/** What {@link noteFence} has noted last; undefined where nothing is noted. */
export async function readFenceNote(session: Session): Promise<FenceNote | undefined> {
  const { rows } = await session.query<{ fence: FenceNote | null }>(
    `SELECT obj_description(to_regprocedure('${ownSchema}.close_database()'), 'pg_proc')::jsonb -> 'fence' AS fence`,
  );
  return rows[0]?.fence ?? undefined;
}
