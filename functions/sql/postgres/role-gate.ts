import type { Session } from './session.ts';

/**
 * In SQL, for a role `r`: the gate holds it. It may open no session, and one that slips in begins read-only. A superuser is bound by no
 * limit of connections.
 */
const isHeld = `(r.rolconnlimit = 0 AND NOT r.rolsuper AND EXISTS (SELECT FROM pg_db_role_setting s
  WHERE s.setrole = r.oid AND s.setdatabase = 0 AND 'default_transaction_read_only=on' = ANY (s.setconfig)))`;

/** The roles among these that are held, in all databases of the server. */
export async function readHeldRoles(session: Session, roles: string[]): Promise<string[]> {
  const { rows } = await session.query<{ role: string }>(
    `SELECT r.rolname AS role FROM pg_roles r WHERE r.rolname = ANY ($1) AND ${isHeld} ORDER BY 1`,
    [roles],
  );
  return rows.map(({ role }) => role);
}

/** The roles among these of which a part of a hold is left: somebody may have undone the other part by hand. */
export async function readPartlyHeld(session: Session, roles: string[]): Promise<string[]> {
  const { rows } = await session.query<{ role: string }>(
    `SELECT r.rolname AS role FROM pg_roles r
      WHERE r.rolname = ANY ($1) AND (r.rolconnlimit = 0 OR EXISTS (SELECT FROM pg_db_role_setting s
        WHERE s.setrole = r.oid AND s.setdatabase = 0 AND 'default_transaction_read_only=on' = ANY (s.setconfig)))`,
    [roles],
  );
  return rows.map(({ role }) => role);
}

/** Why the gate does not hold one of these roles; none when it holds them all. */
export async function findNotHeld(session: Session, roles: string[]): Promise<string[]> {
  const { rows } = await session.query<{ because: string }>(
    `SELECT format(CASE WHEN r.oid IS NULL THEN 'there is no role %I' WHEN r.rolsuper THEN 'role %I is a superuser, whom no gate holds'
                        ELSE 'role %I is not held' END, wanted.role) AS because
       FROM unnest($1::text[]) AS wanted (role) LEFT JOIN pg_roles r ON r.rolname = wanted.role
      WHERE r.oid IS NULL OR NOT ${isHeld}
     UNION ALL
     SELECT format('role %I has a setting of its own in database %I', r.rolname, d.datname)
       FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase
      WHERE r.rolname = ANY ($1) AND EXISTS (SELECT FROM unnest(s.setconfig) AS c (setting)
                                              WHERE c.setting LIKE 'default\\_transaction\\_read\\_only=%'
                                                AND c.setting <> 'default_transaction_read_only=on')`,
    [roles],
  );
  return rows.map(({ because }) => because);
}

/** Foreign sessions of roles that the gate does not hold. */
export async function findUnheldSessions(
  session: Session,
  roles: string[],
  databases: string[],
): Promise<string[]> {
  const { rows } = await session.query<{ because: string }>(
    `SELECT format('session %s of role %I', pid, usename) AS because FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND datname = ANY ($2)
        AND usename <> current_user AND usename <> 'rdsadmin' AND NOT usename = ANY ($1)`,
    [roles, databases],
  );
  return rows.map(({ because }) => because);
}
