import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const longDdl: SqlCheck = {
  id: 'long-ddl',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Changes of the schema that are being made right now.',
  query: `SELECT DISTINCT format('process %s has %s locked', l.pid, l.relation::regclass) FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted
     AND l.mode IN ('AccessExclusiveLock', 'ShareLock', 'ShareUpdateExclusiveLock') AND c.relkind IN ('r', 'p', 'm')
     AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND l.pid <> pg_backend_pid()
     AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = l.pid AND a.backend_type = 'client backend')`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'changes of the schema in progress',
  means:
    'Changes of the schema are not replicated: one that ends after green was created is missing there and stops replication.',
  mend: 'Let them end before the run starts, and hold migrations until it has ended.',
  source: sources.limitations,
};
