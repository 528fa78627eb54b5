import { sources } from '../sources.ts';
import { relations } from './application.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

/**
 * Rows are applied, and compared, with the rights of the table's owner or of the master user, who has them. Row security binds neither,
 * unless a table forces it on its owner; on RDS nobody can give BYPASSRLS, not even the master user.
 */
export const rowSecurity: SqlCheck = {
  id: 'row-security',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Tables that force row security on their own owner.',
  query: relations(`c.relkind IN ('r', 'p') AND c.relrowsecurity AND c.relforcerowsecurity`),
  severity: () => 'warning',
  seen: 'tables with row security that is forced on owners',
  means: 'Their rows could neither be carried back nor compared, so there would be no way back.',
  mend: 'ALTER TABLE … NO FORCE ROW LEVEL SECURITY as long as the run lasts, if the application does not connect as their owner.',
  source: sources.replication,
};
