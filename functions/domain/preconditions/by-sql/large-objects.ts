import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const largeObjects: SqlCheck = {
  id: 'large-objects',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Large objects, which logical replication does not carry.',
  query: `SELECT oid::text FROM pg_largeobject_metadata`,
  severity: (plan) => (whereLogical(plan) ? 'blocker' : null),
  seen: 'large objects',
  means:
    'Changes of them are missing from green, and one that is made or changed meanwhile stops replication.',
  mend: 'Move them into columns of type bytea or into S3, then lo_unlink() them; vacuumlo removes those that nothing refers to.',
  source: sources.limitations,
};
