import { sources } from '../sources.ts';
import { relations } from './application.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const materializedViews: SqlCheck = {
  id: 'materialized-views',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Materialized views.',
  query: relations(`c.relkind = 'm'`),
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'materialized views',
  means: 'They are not refreshed on green, and on Aurora a REFRESH on blue may stop replication.',
  mend: 'Do not refresh them while green exists, and REFRESH them on new production.',
  source: sources.limitations,
};
