import { literal } from '../quoting.ts';
import { inTransaction, type Session } from '../session.ts';
import { publication, slotName, subscription } from './names.ts';

/** Our subscription in this database: whose it is. Undefined when there is none. */
export async function readSubscription(session: Session): Promise<{ run: string | null } | undefined> {
  const { rows } = await session.query<{ run: string | null }>(
    `SELECT obj_description(s.oid, 'pg_subscription') AS run FROM pg_subscription s
      WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [subscription],
  );
  return rows[0];
}

/**
 * Follows the publisher from where its slot stands. Nothing is copied: both sides held the same rows when the slot was made.
 * It commits synchronously, because by default it confirms only after the log writer's next rounds (200 to 600 ms), and then
 * what is confirmed might not be durable.
 */
export async function subscribe(
  session: Session,
  database: string,
  source: string,
  run: string,
): Promise<void> {
  // From PostgreSQL 16 on changes are applied with the rights of each table's owner, whom ours may not become.
  const asOwner = (await majorVersion(session)) >= 16 ? ', run_as_owner = true' : '';
  await inTransaction(session, async () => {
    await keepOutOfLog(session);
    await session.query(
      `CREATE SUBSCRIPTION ${subscription} CONNECTION ${literal(source)} PUBLICATION ${publication}
         WITH (slot_name = ${literal(slotName(database))}, create_slot = false, copy_data = false, enabled = false,
               synchronous_commit = on${asOwner})`,
    );
    await session.query(`COMMENT ON SUBSCRIPTION ${subscription} IS ${literal(run)}`);
  });
}

/** Gives a subscription that is there its new connection. Its progress stays, so nothing is applied twice. */
export async function reconnect(session: Session, source: string): Promise<void> {
  await inTransaction(session, async () => {
    await keepOutOfLog(session);
    await session.query(`ALTER SUBSCRIPTION ${subscription} CONNECTION ${literal(source)}`);
  });
}

export async function enable(session: Session): Promise<void> {
  await session.query(`ALTER SUBSCRIPTION ${subscription} ENABLE`);
}

/** Drops ours, which ends its worker, and leaves the slot on the other server alone, which may not even be there. */
export async function unsubscribe(session: Session): Promise<boolean> {
  if (!(await readSubscription(session))) return false;
  await session.query(`ALTER SUBSCRIPTION ${subscription} DISABLE`);
  await inTransaction(session, async () => {
    await session.query(`ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE)`);
    await session.query(`DROP SUBSCRIPTION ${subscription}`);
  });
  return true;
}

/**
 * The statement carries a password. Where we may, it stays out of the server's log for this transaction; where we may not,
 * the password is still good for this way back only.
 */
async function keepOutOfLog(session: Session): Promise<void> {
  const quiet = [
    'log_statement = none',
    'log_min_duration_statement = -1',
    'log_min_error_statement = panic',
  ];
  for (const setting of quiet) {
    await session.query('SAVEPOINT before_setting');
    await session
      .query(`SET LOCAL ${setting}`)
      .catch(() => session.query('ROLLBACK TO SAVEPOINT before_setting'));
  }
}

async function majorVersion(session: Session): Promise<number> {
  const { rows } = await session.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  return rows[0]?.major ?? 0;
}
