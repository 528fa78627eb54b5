import { sources } from '../sources.ts';
import { relations } from './application.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** Their rows are in no log, so neither kind of replication carries them. */
export const unloggedTables: SqlCheck = {
  id: 'unlogged-tables',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Unlogged tables, whose rows no replication carries.',
  query: relations(`c.relkind = 'r' AND c.relpersistence = 'u'`),
  severity: (plan) => (whereLogical(plan) ? 'blocker' : 'warning'),
  seen: 'unlogged tables',
  means: 'Green has them without their rows, so they would be empty in new production.',
  mend: 'ALTER TABLE … SET LOGGED, or drop them and make them again after the change.',
  source: sources.limitations,
};
