import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const roleLimits: SqlCheck = {
  id: 'role-limits',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Roles and databases with a limit of connections, and passwords that end within 7 days.',
  query: `SELECT format('role %I: %s', rolname, concat_ws(', ', CASE WHEN rolconnlimit >= 0 THEN 'at most ' || rolconnlimit || ' connections' END,
             CASE WHEN rolvaliduntil < clock_timestamp() + interval '7 days' THEN 'password until ' || rolvaliduntil END))
      FROM pg_roles WHERE rolcanlogin AND rolname !~ '^(rds|viridian)' AND (rolconnlimit >= 0 OR rolvaliduntil < clock_timestamp() + interval '7 days')
    UNION ALL SELECT format('database %I: at most %s connections', datname, datconnlimit) FROM pg_database WHERE datconnlimit >= 0 AND datname !~ '^rds'`,
  severity: () => 'warning',
  seen: 'roles and databases with limits',
  means:
    'After the cut every client connects anew at once, and may meet the limit; a password may end while green is built, and changes of roles are not replicated.',
  mend: 'Raise the limits and renew the passwords before the run starts.',
  source: sources.postgres,
};
