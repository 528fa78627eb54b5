import { sources } from '../sources.ts';
import { isMajor, postgresEngines, type SqlCheck } from './check.ts';

/** Seconds: a client that is alive holds one for milliseconds. */
const forgottenAfter = 5;

export const preparedTransactions: SqlCheck = {
  id: 'prepared-transactions',
  engines: postgresEngines,
  of: 'server',
  looksAt: `Transactions that were prepared more than ${forgottenAfter} s ago and neither committed nor rolled back.`,
  query: `SELECT format('%s of %s in %s, since %s', quote_literal(gid), owner, database, date_trunc('second', prepared))
    FROM pg_prepared_xacts WHERE prepared < clock_timestamp() - interval '${forgottenAfter} s'`,
  severity: (plan) => (isMajor(plan) ? 'blocker' : 'warning'),
  seen: 'prepared transactions',
  means: 'They keep their locks and the log, and RDS cannot upgrade a server that has one.',
  mend: 'COMMIT PREPARED or ROLLBACK PREPARED each.',
  source: sources.upgrade,
};
