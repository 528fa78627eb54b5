import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { settings, warns } from './asking.ts';

/** MariaDB does not have them. */
export const hiddenKeys: SqlCheck = {
  id: 'hidden-keys',
  engines: ['aurora-mysql', 'mysql'],
  of: 'server',
  looksAt: 'Whether tables without a key get one that nobody sees.',
  query: settings(`variable_name = 'sql_generate_invisible_primary_key' AND variable_value = 'ON'`),
  severity: warns,
  seen: 'tables get hidden keys',
  means:
    'A table that is made after the cut has a column that an older version does not know, and stops the stream back.',
  mend: 'Set sql_generate_invisible_primary_key to OFF in the parameter groups of blue and green.',
  source: sources.mysqlRehearsal,
};
