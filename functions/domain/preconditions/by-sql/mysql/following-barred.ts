import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { mysqlEngines, warns } from './asking.ts';

export const followingBarred: SqlCheck = {
  id: 'following-barred',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'A note of RDS that keeps blue from following another server.',
  query: `SELECT CONCAT(action, ' by ', called_by_user, ' at ', action_timestamp) AS found FROM mysql.rds_history
    WHERE action = 'disable set master' AND called_by_user LIKE 'rdsrepladmin%'`,
  severity: warns,
  seen: 'RDS keeps blue from following another server',
  means: 'Blue was a replica or a green itself, and the procedure of the way back is refused there.',
  mend: 'Ask AWS Support to take the row of mysql.rds_history away, or go without a way back.',
  source: sources.mysqlRehearsal,
};
