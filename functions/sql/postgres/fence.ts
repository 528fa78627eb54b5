import { Refused } from '../failure.ts';
import type { Answer, Input } from '../operations.ts';
import { eachHeldDatabase, inTransaction, type Server, type Session, withBoundSession } from '../session.ts';
import { describeWriter, endSessionsBefore, readWriters, refuseWriters } from './foreign-sessions.ts';
import { forgetMark, type Mark, setMark } from './marks.ts';
import { positionOfOwnCommit } from './position.ts';
import { isClosed, isReadOnly, requireFence } from './read-only.ts';
import { readSubscription } from './subscription.ts';

/** Closes databases for writing. What would defeat the fence is looked for before anything is changed. */
export async function fence(input: Input<'fence'>): Promise<Answer<'fence'>> {
  await eachHeldDatabase(input, input.databases, refuseWhatOutlastsFence);
  const positions = await eachHeldDatabase(input, input.databases, (session, database) =>
    fenceDatabase(session, input, database, input.executionArn),
  );
  return { positions: Object.fromEntries(positions) };
}

async function fenceDatabase(
  session: Session,
  server: Server,
  database: string,
  run: string,
): Promise<string> {
  if (!(await isClosed(session, server, database))) await setReadOnly(session, true, 'fenced');
  await setMark(session, 'fenced', run);
  await endSessionsBefore(session, 'fenced', { roles: null, databases: [database] });
  await requireFence(server, database);
  await refuseWriters(session, [database]);
  return positionOfOwnCommit(session);
}

/** A prepared transaction can be committed under every fence, and a role's own setting is stronger than a database's. */
async function refuseWhatOutlastsFence(session: Session, database: string): Promise<void> {
  const prepared = (await readWriters(session, [database])).filter((writer) => writer.prepared !== undefined);
  if (prepared.length > 0) {
    throw new Refused('writers', `end these first: ${prepared.map(describeWriter).join(', ')}`);
  }
  const { rows } = await session.query<{ role: string }>(
    `SELECT DISTINCT r.rolname AS role FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
      WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND r.rolname <> current_user AND r.rolname <> 'rdsadmin'
        AND EXISTS (SELECT FROM unnest(s.setconfig) AS c (setting)
                     WHERE c.setting LIKE 'default\\_transaction\\_read\\_only=%' AND c.setting <> 'default_transaction_read_only=on')`,
  );
  if (rows.length > 0) {
    const roles = rows.map(({ role }) => role).join(', ');
    throw new Refused('overridden', `roles with a default_transaction_read_only of their own: ${roles}`);
  }
}

/** Opens one place after the proof that the other is closed: at no instant do both accept writes. */
export async function open(input: Input<'open'>): Promise<Answer<'open'>> {
  const { databases, executionArn, login } = input;
  const closed = { ...input.closed, login };
  const opened = { ...input.open, login };
  await eachHeldDatabase(closed, databases, async (session, database) => {
    await Promise.all([requireFence(closed, database), refuseWriters(session, [database])]);
  });
  await eachHeldDatabase(opened, databases, (session, database) =>
    openDatabase(session, opened, database, executionArn),
  );
  return { writable: databases };
}

async function openDatabase(session: Session, server: Server, database: string, run: string): Promise<void> {
  if (await readSubscription(session)) {
    throw new Refused('attached', `database ${database} at ${server.host} still receives the reverse stream`);
  }
  if (await isClosed(session, server, database)) await setReadOnly(session, null, 'opened');
  // The server's own default may be read-only as well, as RDS leaves an old blue.
  if (await isReadOnly(server, database)) await setReadOnly(session, false, 'opened');
  await setMark(session, 'opened', run);
  await endSessionsBefore(session, 'opened', { roles: null, databases: [database] });
}

/** Whether applications can write: a row of ours, in a session that overrides nothing. */
export async function probeWrite(input: Input<'probe-write'>): Promise<Answer<'probe-write'>> {
  const writable: Record<string, boolean> = {};
  for (const database of input.databases) {
    writable[database] = await withBoundSession(input, database, (session) =>
      forgetMark(session, 'probed')
        .then(() => setMark(session, 'probed', input.executionArn))
        .then(() => true)
        .catch((error: { code?: string }) => {
          if (error.code === '25006') return false;
          throw error;
        }),
    );
  }
  return { writable };
}

/** Who could write, and whether the databases are closed. Changes nothing. */
export async function foreignWriters(input: Input<'foreign-writers'>): Promise<Answer<'foreign-writers'>> {
  const found = await eachHeldDatabase(input, input.databases, async (session, database) => {
    const writers = await readWriters(session, [database]);
    return { writers, readOnly: await isClosed(session, input, database) };
  });
  return {
    writers: [...found.values()].flatMap(({ writers }) => writers),
    readOnly: Object.fromEntries([...found].map(([database, { readOnly }]) => [database, readOnly])),
  };
}

async function setReadOnly(session: Session, readOnly: boolean | null, mark: Mark): Promise<void> {
  await inTransaction(session, async () => {
    await session.query('SELECT viridian.set_read_only($1)', [readOnly]);
    await forgetMark(session, mark);
  });
}
