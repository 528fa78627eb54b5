import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, settings, warns } from './asking.ts';

/** MIXED is the default of RDS for MariaDB, and of RDS for MySQL before 8.4. */
export const binlogFormat: SqlCheck = {
  id: 'binlog-format-row',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Whether the binary log carries rows, and no statements.',
  query: settings(`variable_name = 'binlog_format' AND variable_value <> 'ROW'`),
  severity: warns,
  seen: 'the log carries statements',
  means:
    'A statement with UUID(), SYSDATE() or LIMIT gives other rows on green, without an error, and there is no way back.',
  mend: 'Set binlog_format to ROW in the parameter group of blue; sessions take it when they begin.',
  source: `${sources.creating}; ${sources.mysqlRehearsal}`,
};
