import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { blocks, mysqlEngines } from './asking.ts';

/** Users of RDS for MariaDB may not ask for the stream itself; the session that fetches is shown to everybody who may see sessions. */
export const externalReplica: SqlCheck = {
  id: 'external-replica',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'A stream from another server into blue that runs.',
  query: `SELECT CONCAT('a stream: ', state) AS found FROM information_schema.processlist
    WHERE user = 'system user' AND (command = 'Slave_IO' OR state IN ('Waiting for master to send event', 'Waiting for source to send event', 'Connecting to master', 'Connecting to source', 'Reconnecting after a failed source event read'))`,
  severity: blocks,
  seen: 'blue follows another server',
  means: 'RDS refuses the switchover while that stream runs, and green would not follow it.',
  mend: 'CALL mysql.rds_stop_replication; and, when its time is over, mysql.rds_reset_external_master (or _source).',
  source: sources.switching,
};
