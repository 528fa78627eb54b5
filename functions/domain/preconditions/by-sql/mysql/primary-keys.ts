import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, tables, warns } from './asking.ts';

export const primaryKeysMysql: SqlCheck = {
  id: 'primary-keys-mysql',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Tables without a primary key.',
  query: tables(
    `NOT EXISTS (SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.index_name = 'PRIMARY')`,
  ),
  severity: warns,
  seen: 'tables without a primary key',
  means:
    'Green looks for each row that changes in the whole table, and a row that would come twice is doubled without an error.',
  mend: 'Give each a primary key before the change.',
  source: `${sources.bestPractices}; ${sources.mysqlRehearsal}`,
};
