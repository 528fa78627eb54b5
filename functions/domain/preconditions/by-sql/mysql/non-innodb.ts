import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, tables, warns } from './asking.ts';

export const nonInnodb: SqlCheck = {
  id: 'non-innodb',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Tables of engines that know no transactions.',
  query: tables(
    `COALESCE(t.engine, '') <> 'InnoDB'`,
    `CONCAT(t.table_schema, '.', t.table_name, ' (', COALESCE(t.engine, '?'), ')')`,
  ),
  severity: warns,
  seen: 'tables that are not InnoDB',
  means:
    'A session that is ended leaves them half written, a copy of the storage may have them damaged, and there is no way back.',
  mend: 'ALTER TABLE … ENGINE=InnoDB at a quiet moment.',
  source: `${sources.bestPractices}; ${sources.mysqlRehearsal}`,
};
