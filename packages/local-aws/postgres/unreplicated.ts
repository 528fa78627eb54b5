import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import { type Database, partsOf, type Sql } from './database.ts';
import { OF_THE_USER } from './tables.ts';

/** What replication does not carry, with its state: objects of the schema, and large objects. Temporary ones concern nobody. */
const OBJECTS = `
  SELECT CASE c.relkind WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view '
              ELSE 'table ' END || format('%I.%I', n.nspname, c.relname) AS what, '' AS state
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind <> 't' AND ${OF_THE_USER}
  UNION ALL
  SELECT format('column %I.%I.%I', n.nspname, c.relname, a.attname), format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${OF_THE_USER}
  UNION ALL
  SELECT format('function %I.%s', n.nspname, c.oid::regprocedure), md5(c.prosrc)
    FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT format('large object %s', m.oid), concat(count(l.pageno), ' ', sum(l.xmin::text::bigint))
    FROM pg_largeobject_metadata m LEFT JOIN pg_largeobject l ON l.loid = m.oid GROUP BY m.oid`;

/** Looking takes at most a twentieth of the time, however large the schema is. */
const rest = 20;

/** How many changes are named. */
const namedAtMost = 5;

/**
 * Changes of blue that green never hears of, as far as they leave something behind. RDS notices them, and replication is degraded from then on: nothing repairs it, not even taking the
 * change back.
 * Source: Amazon RDS User Guide, "Limitations and considerations for Amazon RDS blue/green deployments".
 */
export class UnreplicatedChanges {
  readonly #parts: { sql: Sql; known: Map<string, string>; sum: string }[];
  #found: string | undefined;
  #isDue: IsLate = () => true;

  private constructor(parts: { sql: Sql; known: Map<string, string>; sum: string }[]) {
    this.#parts = parts;
  }

  /** From now on. */
  static async of(blue: Database): Promise<UnreplicatedChanges> {
    const parts = partsOf(blue).map(async ({ sql }) => ({
      sql,
      sum: await sumOf(sql),
      known: await readObjects(sql),
    }));
    return new UnreplicatedChanges(await Promise.all(parts));
  }

  /** @returns why replication is degraded; undefined as long as nothing has changed */
  async find(): Promise<string | undefined> {
    if (this.#found !== undefined || !this.#isDue()) return this.#found;
    const begun = realClock.now();
    for (const { sql, sum, known } of this.#parts)
      if ((await sumOf(sql)) !== sum) this.#found ??= explain(known, await readObjects(sql));
    this.#isDue = lateAfter(rest * (realClock.now() - begun));
    return this.#found;
  }
}

async function sumOf(sql: Sql): Promise<string> {
  const { rows } = await sql.query<{ sum: string }>(
    `SELECT coalesce(sum(hashtextextended(what || state, 0)), 0)::text AS sum FROM (${OBJECTS}) AS objects`,
  );
  return rows[0]?.sum ?? '';
}

async function readObjects(sql: Sql): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ what: string; state: string }>(OBJECTS);
  return new Map(rows.map(({ what, state }) => [what, state]));
}

function explain(before: Map<string, string>, now: Map<string, string>): string {
  const changed = [...new Set([...before.keys(), ...now.keys()])]
    .filter((what) => before.get(what) !== now.get(what))
    .sort();
  const names = changed.slice(0, namedAtMost).join(', ');
  const more = changed.length > namedAtMost ? `, and ${changed.length - namedAtMost} more` : '';
  return `blue was changed in a way that is not replicated: ${names}${more}. Delete the deployment with its green, and create it again`;
}
