import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

export const extensionsInTheWay: SqlCheck = {
  id: 'extensions-in-the-way',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'pglogical, pgactive and pg_partman, which no deployment with logical replication takes.',
  query: `SELECT extname::text FROM pg_extension WHERE extname IN ('pglogical', 'pgactive', 'pg_partman')`,
  severity: (plan) => (whereLogical(plan) ? 'blocker' : null),
  seen: 'extensions that do not go together with a deployment',
  means:
    'They replicate by themselves, or make partitions, which is a change of the schema that green does not get.',
  mend: 'Drop or disable them for the time of the run; make the partitions of the next days by hand before.',
  source: sources.limitations,
};
