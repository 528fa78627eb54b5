import type { Place } from '../contract.ts';
import { usesTls } from '../settings.ts';
import { copyIn } from './copy-in.ts';
import { slotName, subscription } from './names.ts';
import { inTransaction, type Session } from './session.ts';

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
 * Follows the publisher from where its slot stands, or goes on doing so with a new password. Nothing is copied: both sides held the same rows
 * when the slot was made, and what was applied stays known. It commits synchronously, because by default it confirms only after the log
 * writer's next rounds (200 to 600 ms), and then what is confirmed might not be durable. The password goes as a row, which no log and no view keeps.
 */
export async function subscribe(
  session: Session,
  database: string,
  { host, port }: Place,
  run: string,
  password: string,
): Promise<void> {
  await inTransaction(session, async () => {
    await copyIn(session, 'viridian.handover', password);
    await session.query('SELECT viridian.subscribe($1, $2, $3, $4, $5)', [
      host,
      port,
      usesTls(),
      slotName(database),
      run,
    ]);
  });
}

/** Drops ours, which ends its worker, and leaves the slot on the other server alone, which may not even be there. */
export async function unsubscribe(session: Session): Promise<boolean> {
  if (!(await readSubscription(session))) return false;
  await session.query('SELECT viridian.unsubscribe()');
  return true;
}
