import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** A parameter group says what is to be; the server says what is. */
export const walLevel: SqlCheck = {
  id: 'wal-level',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Whether logical replication is in force, and not only set.',
  query: `SELECT format('wal_level is %s', current_setting('wal_level')) WHERE current_setting('wal_level') <> 'logical'`,
  severity: (plan) => (whereLogical(plan) ? 'blocker' : null),
  seen: 'logical replication is not in force',
  means: 'The parameter may be set, but a server takes it when it starts.',
  mend: 'Set rds.logical_replication to 1 in the parameter group of blue and reboot the writer at a quiet moment.',
  source: sources.creating,
};
