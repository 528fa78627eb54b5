import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { countChanges } from './changes.ts';
import { serverTime } from './clock.ts';
import { closeDatabase, isClosed, noteFence, openDatabase, requireClosed } from './closed.ts';
import { describeWriter, endForeignSessions, readWriters, refuseSessions } from './foreign-sessions.ts';
import { positionOfOwnCommit } from './position.ts';
import { probe, requireRefused } from './probe.ts';
import { eachHeldDatabase, type Server, type Session, withBoundSession, withSession } from './session.ts';
import { readSubscription } from './subscription.ts';
import { requireUndisturbed } from './undisturbed.ts';

/** Closes databases for applications. What would outlast the fence is looked for before anything is changed. */
export async function fence(input: Input<'fence'>): Promise<Answer<'fence'>> {
  await eachHeldDatabase(input, input.databases, refuseWhatOutlastsFence);
  const positions = await eachHeldDatabase(input, input.databases, (session, database) =>
    fenceDatabase(session, input, database),
  );
  return { positions: Object.fromEntries(positions) };
}

/** The walls first, then the sessions that were inside; at last a proof from outside, and where everything stood then. */
async function fenceDatabase(session: Session, server: Server, database: string): Promise<string> {
  await keepOut(session, database);
  await requireClosed(session, server, database);
  await requireRefused(session, server, database);
  await refuseSessions(session, [database]);
  const changes = await countChanges(session);
  const position = await positionOfOwnCommit(session);
  await noteFence(session, { position, changes });
  return position;
}

/** How long clients are given to finish what they have prepared, by the server's clock, in seconds. */
const preparedWithin = 3;

/**
 * Closes a database and ends its sessions. A prepared transaction outlives its session, and a client that cannot connect cannot bring
 * it to its end. So none is closed in, and where one was prepared in the last moment, the database is opened again at once.
 */
async function keepOut(session: Session, database: string): Promise<void> {
  const wasClosed = await isClosed(session);
  const started = await serverTime(session);
  for (;;) {
    const prepared = await readPrepared(session, database);
    if (prepared.length === 0) {
      await closeDatabase(session);
      await endForeignSessions(session, { roles: null, databases: [database] });
      prepared.push(...(await readPrepared(session, database)));
      if (prepared.length === 0) return;
      if (!wasClosed) await openDatabase(session);
    }
    if ((await serverTime(session)) - started > preparedWithin)
      throw new Refused('writers', `end these first: ${prepared.join(', ')}`);
    await session.query('SELECT pg_sleep(0.05)');
  }
}

async function readPrepared(session: Session, database: string): Promise<string[]> {
  const writers = await readWriters(session, [database]);
  return writers.filter((writer) => writer.prepared !== undefined).map(describeWriter);
}

/** What no wall of ours holds: a role's own setting is stronger than the database's, and only who gave a right can take it away. */
async function refuseWhatOutlastsFence(session: Session): Promise<void> {
  const { rows } = await session.query<{ because: string }>(
    `SELECT DISTINCT format('role %I has a default_transaction_read_only of its own', r.rolname) AS because
       FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND r.rolname <> current_user AND r.rolname <> 'rdsadmin'
        AND EXISTS (SELECT FROM unnest(s.setconfig) AS c (setting)
                     WHERE c.setting LIKE 'default\\_transaction\\_read\\_only=%' AND c.setting <> 'default_transaction_read_only=on')
     UNION ALL
     SELECT format('%I was given the right to connect by %I, who is not the owner of the database: REVOKE and GRANT it as the owner',
                   pg_get_userbyid(a.grantee), pg_get_userbyid(a.grantor))
       FROM pg_database d, aclexplode(d.datacl) AS a
      WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT' AND a.grantor <> d.datdba`,
  );
  if (rows.length > 0) throw new Refused('overridden', rows.map(({ because }) => because).join('; '));
}

/**
 * Opens one place after the proof that the other is closed, and that nobody has written there behind the fence: at no instant do both
 * accept writes, and no row stays behind.
 */
export async function open(input: Input<'open'>): Promise<Answer<'open'>> {
  const { databases, login } = input;
  const closed = { ...input.closed, login };
  const opened = { ...input.open, login };
  await eachHeldDatabase(closed, databases, async (session, database) => {
    await requireClosed(session, closed, database);
    await refuseSessions(session, [database]);
  });
  await eachHeldDatabase(opened, databases, (session, database) => refuseAttached(session, opened, database));
  await eachHeldDatabase(closed, databases, requireUndisturbed);
  await eachHeldDatabase(opened, databases, (session, database) => openAt(session, opened, database));
  return { writable: databases };
}

async function refuseAttached(session: Session, { host }: Server, database: string): Promise<void> {
  if (await readSubscription(session))
    throw new Refused('attached', `database ${database} at ${host} still receives the reverse stream`);
}

async function openAt(session: Session, server: Server, database: string): Promise<void> {
  await openDatabase(session);
  // The server's own default may be read-only, as RDS leaves an old blue.
  if (await beginsReadOnly(server, database)) await session.query('SELECT viridian.set_read_only(false)');
}

/** Whether a session that begins now begins read-only, whatever makes it so. */
function beginsReadOnly(server: Server, database: string): Promise<boolean> {
  return withBoundSession(server, database, async (session) => {
    const { rows } = await session.query<{ closed: boolean }>(
      `SELECT current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    return rows[0]?.closed === true;
  });
}

/** Whether an application can connect and write: a row of ours, in a session that overrides nothing. */
export async function probeWrite(input: Input<'probe-write'>): Promise<Answer<'probe-write'>> {
  const writable: Record<string, boolean> = {};
  for (const database of input.databases) {
    writable[database] = await withSession(
      input,
      database,
      async (session) => (await probe(session, input, database, '')) === 'writable',
    );
  }
  return { writable };
}

/** Who could write, and whether the databases are closed. Changes nothing. */
export async function foreignWriters(input: Input<'foreign-writers'>): Promise<Answer<'foreign-writers'>> {
  const found = await eachHeldDatabase(input, input.databases, async (session, database) => ({
    writers: await readWriters(session, [database]),
    closed: await isClosed(session),
  }));
  return {
    writers: [...found.values()].flatMap(({ writers }) => writers),
    closed: Object.fromEntries([...found].map(([database, { closed }]) => [database, closed])),
  };
}
