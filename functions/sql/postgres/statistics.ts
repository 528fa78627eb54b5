import type { TableStatistics } from '../../domain/build/analyze-plan.ts';
import { ownSchema } from './names.ts';
import type { Session } from './session.ts';

/**
 * Who may ANALYZE a table: its owner, the owner of the database, a superuser, and from 17 on whoever has MAINTAIN. ANALYZE only
 * warns and goes on where a right is missing, so it is read beforehand, for the owner of our function, with whose rights it runs.
 * Source: PostgreSQL manual, ANALYZE, "Notes".
 */
const missing = `CASE
  WHEN f.owner IS NULL THEN format('run docs/setup-postgresql.sql in database %I;', current_database())
  WHEN f.super OR pg_has_role(f.owner, c.relowner, 'USAGE') OR pg_has_role(f.owner, f.database_owner, 'USAGE') THEN NULL
  WHEN current_setting('server_version_num')::int >= 170000 THEN
    CASE WHEN NOT has_table_privilege(f.owner, c.oid, 'MAINTAIN')
         THEN format('GRANT MAINTAIN ON %I.%I TO %I;', n.nspname, c.relname, pg_get_userbyid(f.owner)) END
  ELSE format('GRANT %I TO %I;', pg_get_userbyid(c.relowner), pg_get_userbyid(f.owner)) END`;

/**
 * Every table that ANALYZE is for. Partitioned ones too: nothing but an ANALYZE of their own gives them statistics. Tables of
 * extensions count where we may analyze them; the service keeps others to itself.
 */
const tables = `
  pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN (SELECT (SELECT datdba FROM pg_database WHERE datname = current_database()) AS database_owner,
                     r.oid AS owner, r.rolsuper AS super
                FROM (VALUES (1)) AS one LEFT JOIN pg_proc p ON p.oid = to_regprocedure('viridian.analyze_table(regclass,integer)')
                     LEFT JOIN pg_roles r ON r.oid = p.proowner) AS f
  CROSS JOIN LATERAL (SELECT ${missing} AS missing) AS m
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', $1) AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT (m.missing IS NOT NULL AND EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))`;

/** The tables of a database. Measuring one waits for whoever has locked it, so one that is locked comes last, unmeasured. */
export async function readStatistics(session: Session, database: string): Promise<TableStatistics[]> {
  const { rows } = await session.query<
    Omit<TableStatistics, 'database' | 'bytes'> & { bytes: string | null }
  >(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, c.relkind = 'p' AND current_setting('server_version_num')::int < 180000 AS partitioned, m.missing,
            CASE WHEN EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
                               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                 THEN NULL ELSE pg_table_size(c.oid) END AS bytes,
            coalesce(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) IS NOT NULL AS analyzed
       FROM ${tables} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`,
    [ownSchema],
  );
  return rows.map((row) => ({
    ...row,
    database,
    bytes: row.bytes === null ? Number.MAX_SAFE_INTEGER : Number(row.bytes),
  }));
}

/** The statements without which some table here could not be analyzed. */
export async function readMissingToAnalyze(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ missing: string }>(
    `SELECT DISTINCT m.missing FROM ${tables} AND m.missing IS NOT NULL ORDER BY 1 LIMIT 20`,
    [ownSchema],
  );
  return rows.map((row) => row.missing);
}
