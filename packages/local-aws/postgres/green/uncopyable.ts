import { type Database, partsOf, type Sql } from '../database.ts';

/** The server that green is going to be. */
export interface Target {
  major: number;
  /** Names of the extensions that it has; undefined where nobody can tell. */
  extensions: ReadonlySet<string> | undefined;
}

/**
 * Everything for which RDS builds no green of this database: every object, and what to do about it. Empty when it builds one, which says nothing
 * of what replication will do to it.
 * @param target undefined where pg_upgrade itself tells what it refuses
 */
export async function findUncopyable(blue: Database, target: Target | undefined): Promise<string[]> {
  const isUpgrade = target !== undefined && target.major !== blue.server.binaries.major;
  const found: string[] = [];
  for (const { sql, name } of partsOf(blue)) {
    const here = await Promise.all([
      ownReplication(sql),
      ...(isUpgrade ? [columnsOfLostTypes(sql, target.major), lostExtensions(sql, target)] : []),
    ]);
    const where = name === blue.name ? '' : `in the database ${name}: `;
    found.push(...here.flat().map((reason) => `${where}${reason}`));
  }
  return found;
}

/** A source of a blue/green deployment may neither publish nor subscribe. Ours and the service's own names are left out. */
async function ownReplication(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ what: string }>(
    `SELECT format('publication %I', pubname) AS what FROM pg_publication WHERE pubname !~ '^(rds|viridian)'
     UNION ALL SELECT format('subscription %I', subname) FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     ORDER BY 1`,
  );
  return rows.length > 0
    ? [
        `blue takes part in a replication of its own, which RDS refuses: ${rows.map(({ what }) => what).join(', ')}. Drop it before.`,
      ]
    : [];
}

/**
 * Types whose values mean nothing on another major: numbers of objects, which are numbered anew, and those that were removed or changed.
 * Source: PostgreSQL documentation, pg_upgrade, "Notes".
 */
const NUMBERS = [
  'regcollation',
  'regconfig',
  'regdictionary',
  'regnamespace',
  'regoper',
  'regoperator',
  'regproc',
  'regprocedure',
];
/** `aclitem` has another form since this major. */
const ACLITEM_CHANGED = 16;

async function columnsOfLostTypes(sql: Sql, major: number): Promise<string[]> {
  const types = major >= ACLITEM_CHANGED ? [...NUMBERS, 'aclitem'] : NUMBERS;
  const { rows } = await sql.query<{ what: string }>(
    `WITH RECURSIVE lost AS (
       SELECT oid FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typname = ANY ($1)
       UNION
       SELECT made.oid FROM lost l, LATERAL (
         SELECT oid FROM pg_type WHERE typbasetype = l.oid
         UNION ALL SELECT typarray FROM pg_type WHERE oid = l.oid AND typarray <> 0
         UNION ALL SELECT rngtypid FROM pg_range WHERE rngsubtype = l.oid
         UNION ALL SELECT c.reltype FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           WHERE a.atttypid = l.oid AND NOT a.attisdropped AND c.reltype <> 0 AND c.relnamespace <> 'pg_catalog'::regnamespace) AS made)
     SELECT format('%I.%I.%I (%s)', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) AS what
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.atttypid IN (SELECT oid FROM lost) AND NOT a.attisdropped AND a.attnum > 0 AND c.relkind IN ('r', 'm', 'i')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' ORDER BY 1`,
    [types],
  );
  return rows.length > 0
    ? [
        `pg_upgrade refuses columns of types that hold the numbers or the form of objects of one major: ${rows.map(({ what }) => what).join(', ')}. Make them text, or drop them.`,
      ]
    : [];
}

async function lostExtensions(sql: Sql, { major, extensions }: Target): Promise<string[]> {
  if (!extensions) return [];
  const { rows } = await sql.query<{ name: string }>('SELECT extname AS name FROM pg_extension ORDER BY 1');
  const lost = rows.map(({ name }) => name).filter((name) => !extensions.has(name));
  return lost.length > 0
    ? [
        `PostgreSQL ${major} has no extension ${lost.join(', ')}, so pg_upgrade refuses it. DROP EXTENSION it before.`,
      ]
    : [];
}
