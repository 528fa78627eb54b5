import { firstNames } from '../../domain/model/first-names.ts';
import { Refused } from '../refused.ts';
import { readAccounts, readStrong } from './accounts.ts';
import { accountName } from './quoting.ts';
import { isReadOnly } from './read-only.ts';
import type { Session } from './session.ts';

/**
 * Why an application could write here; undefined where none can. Either wall is enough: nobody may sign in, or the server takes no write of
 * anybody who may. Events of the server are none of its clients: {@link readRunningEvents}.
 */
async function findOpening(session: Session): Promise<string | undefined> {
  const openTo = (await readAccounts(session)).filter(({ locked }) => !locked).map(accountName);
  if (openTo.length === 0) return undefined;
  if (!(await isReadOnly(session))) return `these accounts may sign in: ${firstNames(openTo).join(', ')}`;
  const strong = await readStrong(session);
  const unbound = openTo.filter((name) => strong.has(name));
  return unbound.length === 0 ? undefined : `read_only does not bind ${firstNames(unbound).join(', ')}`;
}

export async function isClosed(session: Session): Promise<boolean> {
  return (await findOpening(session)) === undefined && (await readRunningEvents(session)).length === 0;
}

export async function requireClosed(session: Session, host: string): Promise<void> {
  const because = await findOpening(session);
  if (because !== undefined) throw new Refused('not-fenced', `${host} is not closed: ${because}`);
  const events = await readRunningEvents(session);
  if (events.length > 0) throw refuseEvents(events, host);
}

/**
 * Events that the server itself runs. They need no session and no sign-in, so no lock holds them; a server that is read-only stops those of
 * ordinary accounts, and goes on with those whose definer is stronger, also when nobody may sign in as that one.
 */
export async function readRunningEvents(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string; user: string; host: string }>(
    `SELECT CONCAT(event_schema, '.', event_name) AS name, SUBSTRING_INDEX(definer, '@', 1) AS user, SUBSTRING_INDEX(definer, '@', -1) AS host
       FROM information_schema.events
      WHERE status = 'ENABLED' AND @@GLOBAL.event_scheduler = 'ON' AND event_schema NOT IN ('mysql', 'sys') ORDER BY 1`,
  );
  if (rows.length === 0 || !(await isReadOnly(session))) return rows.map(({ name }) => name);
  const strong = await readStrong(session);
  return rows.filter((definer) => strong.has(accountName(definer))).map(({ name }) => name);
}

export function refuseEvents(events: string[], host: string): Refused {
  return new Refused(
    'overridden',
    `events write at ${host} without a session that could be ended: ${firstNames(events).join(', ')}; set event_scheduler to OFF in its parameter group`,
  );
}
