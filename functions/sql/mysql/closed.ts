import { firstNames } from '../../domain/model/first-names.ts';
import { Refused } from '../refused.ts';
import { readAccounts, readStrong, readStrongAccounts } from './accounts.ts';
import { accountName } from './quoting.ts';
import { isReadOnly } from './read-only.ts';
import type { Session } from './session.ts';

/** Whether applications are kept from writing, and by which walls. */
interface Walls {
  /** Accounts that may sign in. */
  openTo: string[];
  /** The server takes no write of an account that is not stronger than this. */
  readOnly: boolean;
  /** Accounts that may sign in and are stronger. */
  strong: string[];
}

async function readWalls(session: Session): Promise<Walls> {
  const accounts = await readAccounts(session);
  return {
    openTo: accounts.filter(({ locked }) => !locked).map(accountName),
    readOnly: await isReadOnly(session),
    strong: await readStrongAccounts(session),
  };
}

/** Either wall is enough: nobody may sign in, or the server takes no write of whoever may. */
function stand({ openTo, readOnly, strong }: Walls): boolean {
  return openTo.length === 0 || (readOnly && strong.length === 0);
}

/** Whether no application can write here. Events of the server are none of its clients: {@link readRunningEvents}. */
export async function isClosed(session: Session): Promise<boolean> {
  return stand(await readWalls(session)) && (await readRunningEvents(session)).length === 0;
}

export async function requireClosed(session: Session, host: string): Promise<void> {
  const walls = await readWalls(session);
  if (!stand(walls)) {
    const who = walls.readOnly
      ? `read_only does not bind ${firstNames(walls.strong).join(', ')}`
      : `these accounts may sign in: ${firstNames(walls.openTo).join(', ')}`;
    throw new Refused('not-fenced', `${host} is not closed: ${who}`);
  }
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
