import { sources } from '../sources.ts';
import { ofApplication } from './application.ts';
import { isMajor, postgresEngines, type SqlCheck } from './check.ts';

export const systemViews: SqlCheck = {
  id: 'system-views',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Views of the application that read views or tables of the system.',
  query: `SELECT DISTINCT format('%I.%I reads %s', n.nspname, c.relname, r.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_rewrite w ON w.ev_class = c.oid
    JOIN pg_depend u ON u.classid = 'pg_rewrite'::regclass AND u.objid = w.oid AND u.refclassid = 'pg_class'::regclass
    JOIN pg_class r ON r.oid = u.refobjid AND r.relnamespace = 'pg_catalog'::regnamespace
   WHERE c.relkind IN ('v', 'm') AND ${ofApplication}`,
  severity: (plan) => (isMajor(plan) ? 'warning' : null),
  seen: 'views on views of the system',
  means:
    'Columns of system views change with major versions (pg_stat_activity, pg_stat_statements): the upgrade of green fails where one is gone.',
  mend: 'Drop those that name changed columns before the change, and create them again afterwards.',
  source: sources.upgrade,
};
