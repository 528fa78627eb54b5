import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const workerProcesses: SqlCheck = {
  id: 'worker-processes',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'max_worker_processes against everything that takes a process.',
  query: `SELECT format('max_worker_processes=%s, and replication, autovacuum and parallel queries may take %s', most, sum)
    FROM (SELECT current_setting('max_worker_processes')::int, current_setting('max_logical_replication_workers')::int
            + current_setting('autovacuum_max_workers')::int + current_setting('max_parallel_workers')::int) AS workers (most, sum)
    WHERE most < sum`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'too few worker processes',
  means: 'Replication and parallel queries may starve each other.',
  mend: 'Raise max_worker_processes to max_logical_replication_workers + autovacuum_max_workers + max_parallel_workers.',
  source: sources.logical,
};
