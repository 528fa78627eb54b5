import { readOne, type Session } from './session.ts';

/** As it is now, whatever a parameter group says. */
export async function isReadOnly(session: Session): Promise<boolean> {
  const { closed } = await readOne<{ closed: number | string }>(
    session,
    'SELECT @@GLOBAL.read_only AS closed',
  );
  // MariaDB 12 has words for it.
  return !['0', 'OFF'].includes(String(closed));
}

/**
 * Whether we may set `read_only` ourselves: on Aurora MySQL 3.06 and later, where a restart takes it back. Elsewhere only the service can.
 * Source: Aurora User Guide, "mysql.rds_set_read_only".
 */
export async function setsReadOnly(session: Session): Promise<boolean> {
  const rows = await session.query(
    `SELECT 1 AS found FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_read_only'`,
  );
  return rows.length > 0;
}

/** Sets it where that is ours to do, and does nothing elsewhere. @returns how it stands then */
export async function setReadOnly(session: Session, wanted: boolean): Promise<boolean> {
  const stands = await isReadOnly(session);
  if (stands === wanted || !(await setsReadOnly(session))) return stands;
  await session.query('CALL mysql.rds_set_read_only(?)', [wanted ? 1 : 0]);
  return isReadOnly(session);
}
