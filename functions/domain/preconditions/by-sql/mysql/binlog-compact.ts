import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, settings, warns } from './asking.ts';

/** MariaDB compresses so that its older versions read it, so `log_bin_compress` is no finding. */
export const binlogCompact: SqlCheck = {
  id: 'binlog-compact',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Forms of the binary log that an older version cannot read.',
  query: settings(
    `variable_name = 'binlog_transaction_compression' AND variable_value = 'ON' OR variable_name = 'binlog_row_value_options' AND variable_value LIKE '%PARTIAL_JSON%'`,
  ),
  severity: warns,
  seen: 'the log is compact',
  means: 'An older version stops at such a log with error 1594, so there is no way back.',
  mend: 'Set binlog_transaction_compression to 0 and binlog_row_value_options to nothing, in the parameter group of green too.',
  source: sources.mysqlRehearsal,
};
