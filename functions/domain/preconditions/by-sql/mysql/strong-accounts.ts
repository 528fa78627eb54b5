import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { foreignAccounts, mysqlEngines, warns } from './asking.ts';

/** MySQL writes these rights with an underscore, MariaDB with a space. */
export const strongRights = `'SUPER', 'CONNECTION_ADMIN', 'CONNECTION ADMIN', 'READ_ONLY ADMIN', 'READ ONLY ADMIN'`;

/** `'user'@'host'` → `user`. */
export const userOf = (grantee: string) => `TRIM(BOTH '''' FROM SUBSTRING_INDEX(${grantee}, '@', 1))`;

export const strongAccounts: SqlCheck = {
  id: 'strong-accounts',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Accounts that read_only does not bind.',
  query: `SELECT CONCAT(grantee, ' (', GROUP_CONCAT(privilege_type ORDER BY 1), ')') AS found FROM information_schema.user_privileges
    WHERE privilege_type IN (${strongRights}) AND ${userOf('grantee')} NOT IN (${foreignAccounts}) GROUP BY grantee`,
  severity: warns,
  seen: 'accounts that read_only does not bind',
  means:
    'They could go on writing on old blue after the cut, where nobody would find their rows, so there is no way back.',
  mend: 'REVOKE these rights from each, or ALTER USER … ACCOUNT LOCK for the time of the change.',
  source: sources.mysqlRehearsal,
};
