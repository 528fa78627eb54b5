import { sources } from '../sources.ts';
import { ofApplication } from './application.ts';
import { postgresEngines, type SqlCheck, whereLogical } from './check.ts';

/** Partitioned by time, without a default partition, and the last partition ends within a week. */
export const partitionCreation: SqlCheck = {
  id: 'partition-creation',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Tables partitioned by time whose last partition ends within 7 days.',
  query: `SELECT format('%s until %s', name, last) FROM (
      SELECT format('%I.%I', n.nspname, c.relname) AS name,
             max((regexp_match(pg_get_expr(k.relpartbound, k.oid), 'TO \\(''([0-9][^'']*)''\\)'))[1]) AS last
        FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
        JOIN pg_inherits i ON i.inhparent = c.oid JOIN pg_class k ON k.oid = i.inhrelid
       WHERE p.partstrat = 'r' AND p.partnatts = 1 AND p.partdefid = 0
         AND a.atttypid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) AND ${ofApplication}
       GROUP BY 1) AS found
    WHERE last::timestamptz < clock_timestamp() + interval '7 days'`,
  severity: (plan) => (whereLogical(plan) ? 'warning' : null),
  seen: 'partitions that run out',
  means: 'A new partition is a change of the schema, which stops replication; without one rows are refused.',
  mend: 'Make the partitions of the next weeks before the run starts.',
  source: sources.limitations,
};
