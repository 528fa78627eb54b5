import { sources } from '../sources.ts';
import { relations } from './application.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

/** Sessions that apply a stream, or compare rows, end with an error rather than pass over rows. */
export const rowSecurity: SqlCheck = {
  id: 'row-security',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Tables with row security that binds the user of the way back, or their own owner.',
  query: relations(`c.relkind IN ('r', 'p') AND c.relrowsecurity
    AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = current_user AND (r.rolsuper OR r.rolbypassrls))`),
  severity: () => 'warning',
  seen: 'tables with row security',
  means:
    'The user of wayBack.login does not pass it, so rows could neither be carried back nor compared: there would be no way back.',
  mend: 'ALTER ROLE viridian BYPASSRLS, as the master user; owners of tables with FORCE ROW LEVEL SECURITY need it, too.',
  source: sources.replication,
};
