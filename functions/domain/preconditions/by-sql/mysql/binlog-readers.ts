import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { foreignAccounts, mysqlEngines, warns } from './asking.ts';

/** A session that fetches the log is known only while it does. */
export const binlogReaders: SqlCheck = {
  id: 'binlog-readers',
  engines: mysqlEngines,
  of: 'server',
  looksAt:
    'Sessions that fetch the binary log and are not of the service: consumers of changes, such as CDC, DMS or another server.',
  query: `SELECT DISTINCT CONCAT(user, ' at ', SUBSTRING_INDEX(host, ':', 1)) AS found FROM information_schema.processlist
    WHERE command IN ('Binlog Dump', 'Binlog Dump GTID') AND user NOT IN (${foreignAccounts}, 'viridian_replication')`,
  severity: warns,
  seen: 'consumers read the binary log',
  means: 'New production has a log of its own, in which the positions of blue mean nothing.',
  mend: 'Name a hook in hooks.handOver, which is called for each of them with the positions at the cut, or lead them over by hand as the outcome says.',
  source: sources.switching,
};
