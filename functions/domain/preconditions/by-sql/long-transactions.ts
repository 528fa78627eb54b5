import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

export const longTransactions: SqlCheck = {
  id: 'long-transactions',
  engines: postgresEngines,
  of: 'server',
  looksAt: 'Transactions that have been open for more than 5 minutes.',
  query: `SELECT format('process %s of %s in %s for %s s (%s)', pid, usename, datname, extract(epoch FROM clock_timestamp() - xact_start)::int, state)
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'rdsadmin'
     AND xact_start < clock_timestamp() - interval '5 min'`,
  severity: () => 'warning',
  seen: 'long transactions',
  means: 'Green cannot begin to follow before they end, and RDS refuses a switchover during one.',
  mend: 'Commit them, or end their sessions; find out which job leaves them open.',
  source: sources.switching,
};
