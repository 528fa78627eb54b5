import type { ApplicationRole } from '../../domain/way-back/facts.ts';
import { ownSchema, probeRole, replicationRole } from './names.ts';
import type { Session } from './session.ts';

/** The named roles, and what they set for themselves: a setting of their own would be lost, or would defeat a fence. */
export async function readApplicationRoles(session: Session, names: string[]): Promise<ApplicationRole[]> {
  const { rows } = await session.query<ApplicationRole>(
    `SELECT wanted.name, r.oid IS NOT NULL AS exists,
            CASE WHEN r.rolsuper THEN 'superuser' WHEN n.oid IS NOT NULL THEN 'owner of the setup' END AS unholdable,
            coalesce((SELECT json_agg(json_build_object('value', split_part(c.setting, '=', 2), 'database', d.datname))
                        FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
                             CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
                       WHERE s.setrole = r.oid AND c.setting LIKE 'default\\_transaction\\_read\\_only=%'), '[]') AS "ownSettings"
       FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) LEFT JOIN pg_roles r ON r.rolname = wanted.name
            LEFT JOIN pg_namespace n ON n.nspname = $2 AND n.nspowner = r.oid
      ORDER BY wanted.place`,
    [names, ownSchema],
  );
  return rows;
}

/** Whoever else may sign in: their writes are not held. */
export async function readOtherLoginRoles(session: Session, applicationRoles: string[]): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles
      WHERE rolcanlogin AND rolname <> 'rdsadmin' AND rolname <> current_user AND rolname NOT IN ($1, $3) AND NOT rolname = ANY ($2)
      ORDER BY rolname COLLATE "C" LIMIT 20`,
    [replicationRole, applicationRoles, probeRole],
  );
  return rows.map(({ name }) => name);
}

/** The statements of the setup file that this server lacks. Rights are looked at, not how they came. */
export async function readMissingOnServer(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `WITH r AS (
       SELECT pg_has_role(current_user, 'pg_monitor', 'USAGE') AS monitors,
              pg_has_role(current_user, 'pg_signal_backend', 'USAGE') AS signals,
              EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND rolcanlogin) AS there,
              EXISTS (SELECT FROM pg_roles u WHERE u.rolname = $1 AND (u.rolreplication OR EXISTS (
                SELECT FROM pg_roles g WHERE g.rolname = 'rds_replication' AND pg_has_role(u.oid, g.oid, 'MEMBER')))) AS replicates,
              EXISTS (SELECT FROM pg_roles u JOIN pg_auth_members m ON m.member = u.oid JOIN pg_roles g ON g.oid = m.roleid
                       WHERE u.rolname = $1 AND g.rolname = 'rds_iam') AS by_token)
     SELECT m.statement FROM r, LATERAL (VALUES
       (NOT monitors, format('GRANT pg_monitor TO %I;', current_user)),
       (NOT signals, format('GRANT pg_signal_backend TO %I;', current_user)),
       (NOT there, format('CREATE ROLE %I LOGIN;', $1::text)),
       (NOT replicates, format('GRANT rds_replication TO %I;', $1::text)),
       (by_token, format('REVOKE rds_iam FROM %I;', $1::text))) AS m (is_missing, statement)
      WHERE m.is_missing`,
    [replicationRole],
  );
  return rows.map(({ statement }) => statement);
}
