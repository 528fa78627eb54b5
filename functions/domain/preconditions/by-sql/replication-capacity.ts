import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** Every database that can be connected to is replicated by a slot, a sender and a worker of its own; the service's own counts, too. */
const databases = '(SELECT count(*) FROM pg_database WHERE datallowconn AND NOT datistemplate)';

export const replicationCapacity: SqlCheck = {
  id: 'replication-capacity',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Replication slots, senders and workers that are free, against the number of databases.',
  query: `SELECT format('%s=%s, %s in use, %s needed for as many databases', name, most, used, ${databases})
    FROM (VALUES
      ('max_replication_slots', current_setting('max_replication_slots')::int, (SELECT count(*) FROM pg_replication_slots WHERE slot_name !~ '^rds')),
      ('max_wal_senders', current_setting('max_wal_senders')::int, (SELECT count(*) FROM pg_stat_replication WHERE application_name !~ '^rds')),
      ('max_logical_replication_workers', current_setting('max_logical_replication_workers')::int, 0),
      ('max_worker_processes', current_setting('max_worker_processes')::int, 0)
    ) AS capacity (name, most, used) WHERE most - used < ${databases}`,
  severity: (plan) => (whereLogical(plan) ? 'blocker' : null),
  seen: 'too little room for replication',
  means:
    'Each database of the server takes a slot, a sender and a worker of its own; creating green fails without.',
  mend: 'Raise these parameters in the groups of blue and of green, and reboot the writer at a quiet moment.',
  source: sources.creating,
};
