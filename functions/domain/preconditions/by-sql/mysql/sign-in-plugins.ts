import { sources } from '../../sources.ts';
import type { SqlCheck, UpgradePlan } from '../check.ts';
import { foreignAccounts, mysqlEngines } from './asking.ts';

/** MySQL 9 has no `mysql_native_password` any more. */
const loses = ({ engine, to }: UpgradePlan) => engine === 'mysql' && Number.parseInt(to, 10) >= 9;

export const signInPlugins: SqlCheck = {
  id: 'auth-plugins',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Accounts whose way of signing in the new version no longer has.',
  query: `SELECT CONCAT(user, '@', host) AS found FROM mysql.user
    WHERE plugin = 'mysql_native_password' AND user NOT IN ('', ${foreignAccounts})`,
  severity: (plan) => (loses(plan) ? 'blocker' : null),
  seen: 'accounts with mysql_native_password',
  means: 'MySQL 9 does not know that plugin: nobody could sign in by them on new production.',
  mend: 'ALTER USER … IDENTIFIED WITH caching_sha2_password BY …, and see that every client can use it.',
  source: sources.mysqlManual,
};
