import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const readOnlyOverrides: SqlCheck = {
  id: 'read-only-overrides',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Roles and databases with a default_transaction_read_only of their own.',
  query: `SELECT format('%s%s: %s', coalesce('role ' || quote_ident(r.rolname), 'every role'), ' in ' || quote_ident(d.datname), c.setting)
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
      CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting) WHERE c.setting ~ '^default_transaction_read_only='`,
  severity: () => 'warning',
  seen: 'settings of their own for default_transaction_read_only',
  means: 'They override the default by which RDS keeps clients from writing to green and to old blue.',
  mend: 'ALTER ROLE or ALTER DATABASE … RESET default_transaction_read_only, where it is off.',
  source: sources.switching,
};
