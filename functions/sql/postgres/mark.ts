import { ownSchema } from './names.ts';
import type { Session } from './session.ts';

/** Marks the server of this session as the database with this resource id. */
export async function markServer(session: Session, resourceId: string): Promise<void> {
  await session.query(`SELECT ${ownSchema}.mark_server($1)`, [resourceId]);
}
