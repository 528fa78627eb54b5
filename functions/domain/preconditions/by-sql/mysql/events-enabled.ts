import { sources } from '../../sources.ts';
import type { SqlCheck } from '../check.ts';
import { foreign, mysqlEngines, setting, warns } from './asking.ts';

export const eventsEnabled: SqlCheck = {
  id: 'events-enabled',
  engines: mysqlEngines,
  of: 'server',
  looksAt: 'Events that the server runs by itself.',
  query: `SELECT CONCAT(event_schema, '.', event_name, ' as ', definer) AS found FROM information_schema.events
    WHERE status IN ('ENABLED', 'SLAVESIDE_ENABLED') AND event_schema NOT IN (${foreign}) AND ${setting('event_scheduler')} = 'ON'`,
  severity: warns,
  seen: 'events that run',
  means:
    'They would run on green as well once its scheduler is on, and no fence ends them, so there is no way back while they do.',
  mend: 'Set event_scheduler to OFF in the parameter group of green, and of blue for the time of the change; turn it on again after the bake.',
  source: `${sources.limitations}; ${sources.mysqlRehearsal}`,
};
