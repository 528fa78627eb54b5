import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const eventTriggers: SqlCheck = {
  id: 'event-triggers',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Event triggers, which run at changes of the schema.',
  query: `SELECT format('%I on %s calls %s', evtname, evtevent, evtfoid::regprocedure) FROM pg_event_trigger t
    WHERE evtenabled <> 'D' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'e')`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'event triggers',
  means:
    'They run when RDS makes its publications, subscriptions and slots, and an error or a lock in one fails the deployment.',
  mend: 'ALTER EVENT TRIGGER … DISABLE for the time of the run, or make sure that they leave objects beginning with rds alone.',
  source: sources.limitations,
};
