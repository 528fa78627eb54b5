import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, settings, warns } from './asking.ts';

export const autocommit: SqlCheck = {
  id: 'autocommit',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Whether statements commit by themselves.',
  query: settings(`variable_name = 'autocommit' AND variable_value = 'OFF'`),
  severity: warns,
  seen: 'statements do not commit by themselves',
  means: 'The procedures by which RDS sets up a stream ask for it, so the way back may be refused.',
  mend: 'Set autocommit to 1 in the parameter group of blue.',
  source: sources.procedures,
};
