import type { Leftovers } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { inTurn } from '../side-by-side.ts';
import { during } from './failure.ts';
import { publication, replicationRole, slotName, slotPattern, subscription } from './names.ts';
import { readNote } from './publication.ts';
import { readHeldRoles } from './role-gate.ts';
import { eachDatabase, type Session, withKeptSession, withSession } from './session.ts';
import { readSubscription, unsubscribe } from './subscription.ts';

/** Drops the subscriptions of the run on the target. */
export async function detach(input: Input<'detach'>): Promise<Answer<'detach'>> {
  await inTurn(input.databases, (database) =>
    withKeptSession(input, database, (session) => dropSubscription(session, input.executionArn)),
  );
  return { detached: input.databases };
}

/** Removes what a run has made at one place, the slots first: they are what fills a disk. */
export async function close(input: Input<'close'>): Promise<Answer<'close'>> {
  const { databases, executionArn } = input;
  const [first = 'postgres'] = databases;
  const subscribed = await withSession(input, first, readSubscribed);
  const ours = databases.filter((database) => subscribed.includes(database));
  await inTurn(ours, (database) =>
    withSession(input, database, (session) => dropSubscription(session, executionArn)),
  );
  await eachDatabase(input, databases, async (session, database) => {
    await readNote(session, executionArn);
    await during(`dropping the slot of database ${database}`, () => dropSlot(session, database));
    await session.query('SELECT viridian.unpublish()');
  });
  // The user is one for all databases of a server.
  await withSession(input, first, (session) =>
    session.query('SELECT viridian.set_replication_password(NULL)'),
  );
  return { left: await leftovers(input) };
}

/** Databases of the server that have a subscription of ours. */
async function readSubscribed(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ database: string }>(
    'SELECT d.datname AS database FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE s.subname = $1 ORDER BY 1',
    [subscription],
  );
  return rows.map(({ database }) => database);
}

async function dropSubscription(session: Session, run: string): Promise<void> {
  const found = await readSubscription(session);
  if (found && found.run !== run) {
    throw new Refused('foreign', `subscription ${subscription} is of another run: close that way back first`);
  }
  await unsubscribe(session);
}

/** A slot that is in use cannot be dropped, so its sender is ended; the subscription would come back at once, but is gone. */
async function dropSlot(session: Session, database: string): Promise<void> {
  const name = slotName(database);
  for (let look = 0; look < 200; look += 1) {
    const { rows } = await session.query<{ active: boolean }>(
      `SELECT active_pid IS NOT NULL AND (SELECT pg_terminate_backend(active_pid)) AS active
         FROM pg_replication_slots WHERE slot_name = $1`,
      [name],
    );
    if (rows.length === 0) return;
    if (!rows[0]?.active) {
      await session.query('SELECT viridian.drop_slot($1)', [name]);
    }
    await session.query('SELECT pg_sleep(0.01)');
  }
  throw new Refused('attached', `slot ${name} stays in use`);
}

/** Everything of ours at one place, whatever run it is of. */
export async function leftovers(input: Input<'leftovers'>): Promise<Leftovers> {
  const publications = await eachDatabase(input, input.databases, readPublications);
  const [database = 'postgres'] = input.databases;
  return withSession(input, database, async (session) => {
    const subscriptions = await readSubscribed(session);
    const { rows: slots } = await session.query<{ name: string }>(
      'SELECT slot_name AS name FROM pg_replication_slots WHERE slot_name LIKE $1 ORDER BY 1',
      [slotPattern],
    );
    return {
      publications: [...publications]
        .filter(([, found]) => found)
        .map(([name]) => `${publication} in ${name}`),
      subscriptions: subscriptions.map((name) => `${subscription} in ${name}`),
      slots: slots.map(({ name }) => name),
      heldRoles: await readHeldRoles(session, input.applicationRoles),
      passwordSet: await readPasswordSet(session),
    };
  });
}

async function readPublications(session: Session): Promise<boolean> {
  const { rowCount } = await session.query('SELECT FROM pg_publication WHERE pubname = $1', [publication]);
  return rowCount === 1;
}

async function readPasswordSet(session: Session): Promise<boolean | null> {
  const { rows } = await session.query<{ may: boolean }>(
    "SELECT has_table_privilege('pg_authid', 'SELECT') AS may",
  );
  if (!rows[0]?.may) return null;
  const found = await session.query('SELECT FROM pg_authid WHERE rolname = $1 AND rolpassword IS NOT NULL', [
    replicationRole,
  ]);
  return found.rowCount === 1;
}
