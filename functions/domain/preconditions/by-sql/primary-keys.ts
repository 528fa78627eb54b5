import { sources } from '../sources.ts';
import { relations } from './application.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** A deferrable primary key identifies no row for replication: PostgreSQL refuses UPDATE and DELETE with 55000. */
export const primaryKeys: SqlCheck = {
  id: 'primary-keys',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Tables for which nothing identifies the row that an UPDATE or DELETE means.',
  query: relations(`c.relkind = 'r' AND c.relpersistence = 'p' AND c.relreplident <> 'f'
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indimmediate AND i.indisvalid
      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END)`),
  severity: (plan) => (whereLogical(plan) ? 'blocker' : null),
  seen: 'tables without a replica identity',
  means:
    'As soon as green follows blue, PostgreSQL refuses every UPDATE and DELETE on them, on blue, in production.',
  mend: 'Give each a primary key that is not deferrable, or ALTER TABLE … REPLICA IDENTITY FULL.',
  source: `${sources.limitations}; ${sources.replication}`,
};
