import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const extensionPgCron: SqlCheck = {
  id: 'extension-pg-cron',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'pg_cron, whose jobs may write on green and change the schema on blue.',
  query: `SELECT format('%I %s', extname, extversion) FROM pg_extension WHERE extname = 'pg_cron'`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'pg_cron is in use',
  means:
    'Its workers pass the read-only default of green, and a job that changes the schema stops replication.',
  mend: 'Leave pg_cron out of shared_preload_libraries of the group of green, and look through its jobs for DDL.',
  source: sources.limitations,
};
