import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, settings, warns } from './asking.ts';

export const binlogRowImage: SqlCheck = {
  id: 'binlog-row-image',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Whether the binary log carries whole rows.',
  query: settings(`variable_name = 'binlog_row_image' AND variable_value <> 'FULL'`),
  severity: warns,
  seen: 'the log carries parts of rows',
  means: 'A row that is wrong on one side cannot be mended from the log, and there is no way back.',
  mend: 'Set binlog_row_image to FULL in the parameter group of blue.',
  source: sources.mysqlRehearsal,
};
