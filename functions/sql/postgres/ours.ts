import { ownRoles, ownSchema } from './names.ts';

/** Roles by a column: superusers, and those that have the rights of RDS's master user. Whoever else calls them gets nothing new by that. */
export function isTrusted(role: string): string {
  return `EXISTS (SELECT FROM pg_roles r WHERE r.oid = ${role} AND (r.rolsuper OR EXISTS (
    SELECT FROM pg_roles g WHERE g.rolname = 'rds_superuser' AND pg_has_role(r.oid, g.oid, 'MEMBER'))))`;
}

const roles = ownRoles.map((role) => `'${role}'`).join(', ');

/**
 * Names what of ours somebody else made, changed, or can change; null when everything is ours, also where the setup was not run. The owner of
 * our schema must be trusted: the functions in it run with the owner's rights. The owner of the database is not enough, because that is often
 * the application itself. A trigger, a rule, a policy, or a child of a table of ours would run others' code, or show us others' rows. Objects
 * of the schema are found by what depends on it, which is indexed, so that this costs the same on a large database.
 */
export const notOurs = `SELECT string_agg(what, '; ') FROM (
    SELECT format('schema %I is of %I, which is no master user', n.nspname, pg_get_userbyid(n.nspowner)) AS what
      FROM pg_namespace n WHERE n.nspname = '${ownSchema}' AND NOT ${isTrusted('n.nspowner')}
    UNION ALL
    SELECT format('%s is not of %I', pg_describe_object(d.classid, d.objid, d.objsubid), pg_get_userbyid(n.nspowner))
      FROM pg_namespace n JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid AND d.deptype = 'n'
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
     WHERE n.nspname = '${ownSchema}' AND coalesce(c.relowner, p.proowner) IS DISTINCT FROM n.nspowner
    UNION ALL
    SELECT CASE WHEN l.what IS NULL THEN format('table %s has row security', c.oid::regclass) ELSE l.what END
      FROM pg_namespace n JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid AND d.classid = 'pg_class'::regclass
      JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'r'
      LEFT JOIN LATERAL (
        SELECT pg_describe_object('pg_trigger'::regclass, t.oid, 0) FROM pg_trigger t WHERE t.tgrelid = c.oid
        UNION ALL SELECT pg_describe_object('pg_rewrite'::regclass, w.oid, 0) FROM pg_rewrite w WHERE w.ev_class = c.oid
        UNION ALL SELECT pg_describe_object('pg_policy'::regclass, y.oid, 0) FROM pg_policy y WHERE y.polrelid = c.oid
        UNION ALL SELECT format('table %s inherits from %s', i.inhrelid::regclass, i.inhparent::regclass)
                    FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid) AS l (what) ON true
     WHERE n.nspname = '${ownSchema}' AND (l.what IS NOT NULL OR c.relrowsecurity OR c.relforcerowsecurity)
    UNION ALL
    SELECT format('event trigger %I calls %s of %I', e.evtname, e.evtfoid::regprocedure, pg_get_userbyid(p.proowner))
      FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
     WHERE e.evtenabled <> 'D' AND NOT ${isTrusted('p.proowner')}
    UNION ALL
    SELECT format('role %I is a member of %I', pg_get_userbyid(m.member), o.rolname)
      FROM pg_roles o JOIN pg_auth_members m ON m.roleid = o.oid
     WHERE o.rolname IN (${roles}) AND NOT ${isTrusted('m.member')}
    UNION ALL
    SELECT format('sessions of %I begin as %I', session_user, current_user) WHERE session_user <> current_user
    UNION ALL
    SELECT format('sessions of %s begin with %s', coalesce(quote_ident(o.rolname), 'every role'), c.setting)
      FROM pg_db_role_setting s LEFT JOIN pg_roles o ON o.oid = s.setrole CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
     WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
       AND (s.setrole = 0 OR o.rolname IN (${roles}))
       AND split_part(c.setting, '=', 1) IN ('session_preload_libraries', 'local_preload_libraries', 'session_replication_role')
    UNION ALL
    SELECT format('sessions begin with search_path=%s', current_setting('search_path')) WHERE current_setting('search_path') <> 'pg_catalog,pg_temp'
  ) AS found`;
