import type { HeldRole, Leftovers, LeftSlot } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { inTurn } from '../side-by-side.ts';
import { during } from './failure.ts';
import { ownSchema, publication, replicationRole, slotName, slotPattern, subscription } from './names.ts';
import { readNote } from './publication.ts';
import { readHeldRoles, readPartlyHeld } from './role-gate.ts';
import { eachDatabase, leaveServer, type Session, withKeptSession, withSession } from './session.ts';
import { readSubscription, unsubscribe } from './subscription.ts';

/** Drops the subscriptions of the run on the target. */
export async function detach(input: Input<'detach'>): Promise<Answer<'detach'>> {
  await inTurn(input.databases, (database) =>
    withKeptSession(input, database, (session) => dropSubscription(session, input.executionArn)),
  );
  return { detached: input.databases };
}

/** Removes what a run has made at one place, the slots first: they are what fills a disk. It is the last question to that place. */
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
  leaveServer(input);
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
  const inside = await eachDatabase(input, input.databases, readInside);
  const found = [...inside];
  const [database = 'postgres'] = input.databases;
  return withSession(input, database, async (session) => ({
    publications: found.filter(([, { published }]) => published).map(([name]) => name),
    subscriptions: await readSubscribed(session),
    slots: await readSlots(session),
    heldRoles: await readHeld(
      session,
      database,
      input.applicationRoles,
      found.flatMap(([name, { remembered }]) => remembered.map((role) => ({ role, database: name }))),
    ),
    closed: found.filter(([, { closed }]) => closed).map(([name]) => name),
    passwordSet: await readPasswordSet(session),
  }));
}

/** What stands inside of one database: our publication, our fence, and the roles whose former limit is remembered there. */
interface Inside {
  published: boolean;
  closed: boolean;
  remembered: string[];
}

async function readInside(session: Session): Promise<Inside> {
  const { rows } = await session.query<Inside>(
    `SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = $1) AS published,
            obj_description(to_regprocedure('${ownSchema}.close_database()'), 'pg_proc') IS NOT NULL AS closed,
            array(SELECT jsonb_object_keys(obj_description(to_regprocedure('${ownSchema}.hold_role(name,boolean)'), 'pg_proc')::jsonb)
                   ORDER BY 1) AS remembered`,
    [publication],
  );
  return rows[0] ?? { published: false, closed: false, remembered: [] };
}

async function readSlots(session: Session): Promise<LeftSlot[]> {
  const { rows } = await session.query<LeftSlot>(
    `SELECT slot_name AS name, database, active,
            coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                                     restart_lsn), 0)::float8 AS "retainedBytes"
       FROM pg_replication_slots WHERE slot_name LIKE $1 ORDER BY 1`,
    [slotPattern],
  );
  return rows;
}

/**
 * Roles that are held. What a database remembers counts as long as something of the hold is left; a role that only the caller names must be
 * held in every way, because its owner may limit it too.
 */
async function readHeld(
  session: Session,
  first: string,
  named: string[],
  remembered: HeldRole[],
): Promise<HeldRole[]> {
  const stillHeld = await readPartlyHeld(
    session,
    remembered.map(({ role }) => role),
  );
  const known = remembered.filter(({ role }) => stillHeld.includes(role));
  const others = (await readHeldRoles(session, named)).filter(
    (role) => !known.some((one) => one.role === role),
  );
  return [...known, ...others.map((role) => ({ role, database: first }))];
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
