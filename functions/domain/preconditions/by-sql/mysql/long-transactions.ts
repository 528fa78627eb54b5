import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { foreignAccounts, mysqlEngines, warns } from './asking.ts';

/** Minutes. */
const longFrom = 5;

export const longTransactionsMysql: SqlCheck = {
  id: 'long-transactions-mysql',
  engines: mysqlEngines,
  of: 'server',
  looksAt: `Transactions that have been open for more than ${longFrom} minutes.`,
  query: `SELECT CONCAT('session ', t.trx_mysql_thread_id, ' of ', COALESCE(p.user, 'a prepared transaction'), ' for ', TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), ' s') AS found
    FROM information_schema.innodb_trx t LEFT JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
    WHERE t.trx_started < NOW() - INTERVAL ${longFrom} MINUTE AND COALESCE(p.user, '') NOT IN ('system user', ${foreignAccounts})`,
  severity: warns,
  seen: 'transactions that are left open',
  means: 'They hold back the switchover, and changes of the schema.',
  mend: 'Commit or roll back each, or CALL mysql.rds_kill(…).',
  source: sources.switching,
};
