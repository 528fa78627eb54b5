import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { settings, warns } from './asking.ts';

/** MariaDB always has GTIDs, and no modes. */
export const gtidConsistency: SqlCheck = {
  id: 'gtid-consistency',
  engines: ['aurora-mysql', 'mysql'],
  of: 'server',
  looksAt: 'Whether GTIDs are on or off, and not between.',
  query: settings(`variable_name = 'gtid_mode' AND variable_value LIKE '%PERMISSIVE'`),
  severity: warns,
  seen: 'GTIDs are between on and off',
  means: 'Transactions with and without a GTID stand in one log, and the sides may differ in what they take.',
  mend: 'Bring gtid_mode to ON or OFF in the parameter group, step by step, before the change; the same for green.',
  source: sources.mysqlRehearsal,
};
