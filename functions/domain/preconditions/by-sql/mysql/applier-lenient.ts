import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, settings, warns } from './asking.ts';

export const applierLenient: SqlCheck = {
  id: 'applier-lenient',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Settings by which replication passes over rows that are missing.',
  query: settings(
    `variable_name IN ('slave_exec_mode', 'replica_exec_mode') AND variable_value <> 'STRICT' OR variable_name IN ('slave_skip_errors', 'replica_skip_errors') AND variable_value NOT IN ('OFF', '')`,
  ),
  severity: warns,
  seen: 'replication passes over errors',
  means: 'A stream that begins too late loses rows without a word with it, so there is no way back.',
  mend: 'Set slave_exec_mode to STRICT and slave_skip_errors to OFF in the parameter group of blue.',
  source: sources.mysqlRehearsal,
};
