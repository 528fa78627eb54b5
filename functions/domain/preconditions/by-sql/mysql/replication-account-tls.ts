import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, setting, warns } from './asking.ts';

/** Servers that were started without TLS cannot ask for it; versions that no longer have the variable always have TLS. */
export const replicationAccountTls: SqlCheck = {
  id: 'replication-account-tls',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Whether the account of the way back must use TLS.',
  query: `SELECT CONCAT(user, '@', host) AS found FROM mysql.user
    WHERE user = 'viridian_replication' AND ssl_type = '' AND COALESCE(${setting('have_ssl')}, 'YES') = 'YES'`,
  severity: warns,
  seen: 'the account of the stream may come without TLS',
  means:
    'Its one-time password and every row would cross the network in the clear if the stream were made so by hand.',
  mend: "ALTER USER 'viridian_replication'@'%' REQUIRE SSL;",
  source: sources.mysqlRehearsal,
};
