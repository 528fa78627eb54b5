import { firstNames } from '../../domain/model/first-names.ts';
import type { Answer, Input } from '../contract.ts';
import { mostWriting } from '../most-writing.ts';
import { Refused } from '../refused.ts';
import { sideBySide } from '../side-by-side.ts';
import { beginsReadOnly } from './begins-read-only.ts';
import { countChanges } from './changes.ts';
import { serverTime } from './clock.ts';
import { closeDatabase, isClosed, noteFence, openDatabase, requireClosed } from './closed.ts';
import { describeWriter, endForeignSessions, readWriters, refuseSessions } from './foreign-sessions.ts';
import { markServer } from './mark.ts';
import { probeRole, subscription } from './names.ts';
import { positionOfOwnCommit } from './position.ts';
import { requireRefused, withProbe } from './probe.ts';
import { readHeldRoles } from './role-gate.ts';
import { eachHeldDatabase, type Server, type Session, withKeptSession, withSession } from './session.ts';
import { readSubscription } from './subscription.ts';
import { requireUndisturbed } from './undisturbed.ts';

/**
 * Closes databases for applications. What would outlast the fence is looked for before anything is closed. From here on the server carries its
 * own mark: a target is then no longer told by not being green.
 */
export async function fence(input: Input<'fence'>): Promise<Answer<'fence'>> {
  const { databases } = input;
  const [first = 'postgres'] = databases;
  await withKeptSession(input, first, (session) => markServer(session, input.resourceId));
  await eachHeldDatabase(input, databases, refuseWhatOutlastsFence);
  await eachHeldDatabase(input, databases, async (session, database) => {
    await keepOut(session, database);
    await requireClosed(session, input, database);
  });
  await proveRefused(input, databases);
  const positions = await eachHeldDatabase(input, databases, noteStanding);
  return { positions: Object.fromEntries(positions) };
}

/** From outside. A gate that was left would refuse the same user first, and so nothing would be proved of the fence. */
async function proveRefused(server: Server, databases: string[]): Promise<void> {
  const [first = 'postgres'] = databases;
  await withKeptSession(server, first, async (session) => {
    await session.query(
      'SELECT viridian.hold_role(rolname, false) FROM pg_roles WHERE rolname = $1 AND rolconnlimit = 0',
      [probeRole],
    );
    await withProbe(session, (probe) =>
      sideBySide(databases, (database) => requireRefused(probe, server, database, 'database')),
    );
  });
}

/** Where everything stood once nobody was inside any more. */
async function noteStanding(session: Session, database: string): Promise<string> {
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
      throw new Refused('writers', `end these first: ${firstNames(prepared).join(', ')}`);
    await session.query('SELECT pg_sleep(0.05)');
  }
}

async function readPrepared(session: Session, database: string): Promise<string[]> {
  const writers = await readWriters(session, [database]);
  return writers.filter((writer) => writer.prepared !== undefined).map(describeWriter);
}

/**
 * What no wall of ours holds: a role's own setting is stronger than the database's, only who gave a right can take it away, and a
 * stream from elsewhere writes without a session of a client.
 */
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
      WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT' AND a.grantor <> d.datdba
     UNION ALL
     SELECT format('subscription %I brings rows from elsewhere: disable it', s.subname)
       FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE d.datname = current_database() AND s.subenabled AND s.subname <> $1 AND s.subname NOT LIKE 'rds%'`,
    [subscription],
  );
  if (rows.length > 0)
    throw new Refused('overridden', firstNames(rows.map(({ because }) => because)).join('; '));
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

/** Whether an application can connect and write: a row of ours, in a session that overrides nothing; and whether its roles are let go. */
export async function probeWrite(input: Input<'probe-write'>): Promise<Answer<'probe-write'>> {
  const { databases, applicationRoles } = input;
  const [first = 'postgres'] = databases;
  return withSession(input, first, async (session) => {
    const held = await readHeldRoles(session, applicationRoles);
    const welcomes = await withProbe(session, (probe) =>
      sideBySide(databases, (database) => probe(input, database, '')),
    );
    const writable = databases.map((database, index) => [database, welcomes[index] === 'writable']);
    return { writable: Object.fromEntries(writable), held };
  });
}

/** Who could write, and whether the databases are closed. Changes nothing. */
export async function foreignWriters(input: Input<'foreign-writers'>): Promise<Answer<'foreign-writers'>> {
  const found = await eachHeldDatabase(input, input.databases, async (session, database) => ({
    writers: await readWriters(session, [database]),
    closed: await isClosed(session),
  }));
  return {
    writers: mostWriting([...found.values()].flatMap(({ writers }) => writers)),
    closed: Object.fromEntries([...found].map(([database, { closed }]) => [database, closed])),
  };
}
