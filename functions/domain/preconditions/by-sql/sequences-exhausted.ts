import { sources } from '../sources.ts';
import { postgresEngines, type SqlCheck } from './check.ts';

/** Also of an identity or serial column of type integer, whose sequence may count further than the column takes. */
export const sequencesExhausted: SqlCheck = {
  id: 'sequences-exhausted',
  engines: postgresEngines,
  of: 'database',
  looksAt:
    'Sequences that have given out more than nine tenths of their values, or of those that their column takes.',
  query: `SELECT CASE WHEN readable THEN format('%I.%I at %s of %s', schemaname, sequencename, last_value, most)
         ELSE format('%I.%I, which cannot be read', schemaname, sequencename) END FROM (
      SELECT s.schemaname, s.sequencename, s.last_value, has_sequence_privilege(c.oid, 'SELECT, USAGE') AS readable, least(s.max_value, CASE a.atttypid
               WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647 ELSE s.max_value END) AS most
        FROM pg_sequences s JOIN pg_class c ON c.relkind = 'S' AND c.relname = s.sequencename JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
        LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       WHERE NOT s.cycle AND s.increment_by > 0 AND s.schemaname <> 'viridian') AS counted
    WHERE last_value > 0.9 * most OR NOT readable`,
  severity: () => 'warning',
  seen: 'sequences near their end',
  means: 'At the cut RDS moves sequences of green forward, and soon they give out nothing.',
  mend: 'Change column and sequence to bigint before the run: it is a change of the schema.',
  source: sources.postgres,
};
