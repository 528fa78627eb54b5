import { sources } from '../sources.ts';
import { ofApplication } from './application.ts';
import { isMajor, postgresEngines, type SqlCheck } from './check.ts';

/** Columns of `types`, as `schema.table.column (type)`. */
export const columnsOfTypes = (types: readonly string[]): string =>
  `SELECT format('%I.%I.%I (%s)', n.nspname, c.relname, a.attname, t.typname)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_type e ON e.oid = t.typelem
    WHERE NOT a.attisdropped AND a.attnum > 0 AND c.relkind IN ('r', 'm', 'p') AND ${ofApplication}
      AND EXISTS (SELECT FROM pg_type x WHERE x.oid IN (t.oid, b.oid, e.oid) AND x.typnamespace = 'pg_catalog'::regnamespace
        AND x.typname IN (${types.map((type) => `'${type}'`).join(', ')}))`;

/** Types that hold the number of an object, which another server gives to another object. `regclass`, `regrole` and `regtype` are kept. */
export const regColumns: SqlCheck = {
  id: 'reg-columns',
  engines: postgresEngines,
  of: 'database',
  looksAt: 'Columns of types that pg_upgrade does not carry over.',
  query: columnsOfTypes([
    'regcollation',
    'regconfig',
    'regdictionary',
    'regnamespace',
    'regoper',
    'regoperator',
    'regproc',
    'regprocedure',
  ]),
  severity: (plan) => (isMajor(plan) ? 'blocker' : null),
  seen: 'columns of reg* types',
  means: 'They hold numbers of objects, which change with the major version: the upgrade of green fails.',
  mend: 'ALTER TABLE … ALTER COLUMN … TYPE text, or drop them.',
  source: sources.upgrade,
};
