import { Refused } from '../failure.ts';
import { type Server, type Session, withBoundSession } from '../session.ts';

/** Whether a session that begins now begins read-only, as an application's does. */
export function isReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async ({ beganReadOnly }) => beganReadOnly);
}

/** Rejects unless the database was closed for writing when this session began. */
export function requireFence(
  { beganReadOnly }: Pick<Session, 'beganReadOnly'>,
  { host }: Server,
  database: string,
): void {
  if (!beganReadOnly) {
    throw new Refused('not-fenced', `database ${database} at ${host} accepts writes of applications`);
  }
}
