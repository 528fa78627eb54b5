import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, warns } from './asking.ts';

/** MariaDB has them as variables, MySQL from 8.0 on in a table of its own. Filters of the service name its own tables only. */
export const replicationFilters: SqlCheck = {
  id: 'replication-filters',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Filters by which replication leaves rows out.',
  query: `SELECT CONCAT(one.name, ' is ', one.rule) AS found FROM (
    SELECT '' AS name, '' AS rule
    /*M! UNION ALL SELECT LOWER(variable_name), variable_value FROM information_schema.global_variables WHERE variable_name RLIKE '^REPLICATE_(DO|IGNORE|WILD|REWRITE)' */
    /*!80000 UNION ALL SELECT LOWER(filter_name), filter_rule FROM performance_schema.replication_applier_global_filters */
    ) one WHERE one.rule <> '' AND one.rule NOT LIKE 'mysql.%'`,
  severity: warns,
  seen: 'replication is filtered',
  means:
    'The filters hold for the stream back into blue as well: rows would be missing there without an error, so there is no way back.',
  mend: 'Empty the replicate-… parameters in the parameter group of blue.',
  source: sources.mysqlRehearsal,
};
