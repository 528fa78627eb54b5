/** Objects of the application, as `c` of pg_class in the schema `n`: no system's, no service's, no extension's, none of ours. */
export const ofApplication = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'viridian')
  AND n.nspname !~ '^(pg_toast|pg_temp|rds)'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** Names of relations of the application that fulfil `condition`. */
export const relations = (condition: string): string =>
  `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ofApplication} AND ${condition}`;
