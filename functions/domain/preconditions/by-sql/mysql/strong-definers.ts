import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { foreign, mysqlEngines, warns } from './asking.ts';
import { strongRights } from './strong-accounts.ts';

/** Seen on real servers: of two ticks under read_only both wrote, where the definer had the right, and none where not. */
export const strongDefiners: SqlCheck = {
  id: 'strong-definers',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Events that run as an account that read_only does not bind.',
  query: `SELECT CONCAT(e.event_schema, '.', e.event_name, ' as ', e.definer) AS found FROM information_schema.events e
    WHERE e.status = 'ENABLED' AND e.event_schema NOT IN (${foreign}) AND EXISTS (SELECT 1 FROM information_schema.user_privileges p
      WHERE p.privilege_type IN (${strongRights}) AND p.grantee = CONCAT('''', REPLACE(e.definer, '@', '''@'''), ''''))`,
  severity: warns,
  seen: 'events that read_only does not hold',
  means: 'Where the scheduler runs they write on old blue although it is read-only, without any session.',
  mend: 'Give each another definer (ALTER DEFINER = … EVENT …), or ALTER EVENT … DISABLE for the time of the change.',
  source: sources.mysqlRehearsal,
};
