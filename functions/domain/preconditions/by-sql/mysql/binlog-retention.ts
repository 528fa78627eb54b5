import { sources } from '../../sources.ts';
import type { SqlCheck, UpgradePlan } from '../check.ts';
import { mysqlEngines, ofAurora } from './asking.ts';

/** On RDS instances the way back asks for a week itself, and gives back what was set. */
export const binlogRetention: SqlCheck = {
  id: 'binlog-retention',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Whether the binary log is kept for a while (Aurora MySQL).',
  query: `SELECT CONCAT('binlog retention hours is ', COALESCE(value, 'NULL')) AS found FROM mysql.rds_configuration
    WHERE name = 'binlog retention hours' AND COALESCE(CAST(value AS UNSIGNED), 0) < 24`,
  severity: (plan: UpgradePlan) => (ofAurora(plan) ? 'warning' : null),
  seen: 'the log is not kept for a day',
  means: 'Green, or a consumer of the log that is stopped at the cut, may find that the log has gone.',
  mend: "CALL mysql.rds_set_configuration('binlog retention hours', 168);",
  source: sources.creating,
};
