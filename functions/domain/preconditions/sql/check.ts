import { type EngineId, isPostgres, type Replication } from '../../model/engine.ts';
import { isMajorUpgrade } from '../../model/engine-version.ts';
import { isRead, type Reading } from '../../model/reading.ts';
import type { Precondition, PreconditionFacts } from '../facts.ts';
import { blocker, unknown, warning } from '../finding.ts';

/** What is to be done to the database, as far as a check by SQL has to know it. */
export interface UpgradePlan {
  engine: string;
  replication: Replication;
  /** Versions as RDS writes them. */
  from: string;
  to: string;
}

/** What one check found in a server: how many things, and the names of the first of them. */
export interface SqlFound {
  count: number;
  names: string[];
}

/** What the databases said: by the id of a check what it found, or why it could not look. */
export type SqlLook = Record<string, Reading<SqlFound>>;

/** A precondition that only the database itself can answer. */
export interface SqlCheck {
  id: string;
  engines: readonly EngineId[];
  /** Where the query is asked: once in the server, or in every database of it. */
  of: 'server' | 'database';
  /** Looks at, in one sentence: for docs/preconditions.md. */
  looksAt: string;
  /** A SELECT of one column of text: a row for each thing that is in the way. */
  query: string | ((plan: UpgradePlan) => string);
  /** What a finding means for this plan; null where it means nothing, and then nothing is asked. */
  severity: (plan: UpgradePlan) => 'blocker' | 'warning' | null;
  /** What was seen; a colon and the names follow. */
  seen: string;
  /** What it means, and how to mend it: whole sentences. */
  means: string;
  mend: string;
  /** Where the rule comes from. */
  source: string;
}

export const postgresEngines = ['aurora-postgresql', 'postgres'] as const satisfies readonly EngineId[];

/** Green follows blue row by row, so everything that replication does not carry is missing from it. */
export const whereLogical = ({ replication }: UpgradePlan) => replication === 'logical';

export const isMajor = ({ engine, from, to }: UpgradePlan) => isMajorUpgrade(engine, from, to);

/** The first number of a version: the major version, from PostgreSQL 10 on. */
export const majorOf = (version: string) => Number.parseInt(version, 10);

/** Whether a check has anything to ask. */
export const applies = ({ engines, severity }: SqlCheck, plan: UpgradePlan): boolean =>
  engines.some((engine) => engine === plan.engine) && severity(plan) !== null;

/** Whether there are checks by SQL for an engine. */
export const isAskedBySql = (engine: string): boolean => isPostgres(engine);

export const planOf = ({
  database,
  replication,
  blue,
  targetVersion,
}: Pick<PreconditionFacts, 'database' | 'replication' | 'blue' | 'targetVersion'>): UpgradePlan => ({
  engine: database.engine,
  replication,
  from: blue.engineVersion,
  to: targetVersion,
});

/** Characters of a finding that names take: a refusal with all findings has to fit into an error. */
const namesFit = 400;

/** A check as a precondition. Where nothing was asked it is silent: `sql-access` names the checks that were not made. */
export function bySql(check: SqlCheck): Precondition {
  return {
    id: check.id,
    engines: check.engines,
    looksAt: check.looksAt,
    how: `SQL, ${check.of === 'server' ? 'once in the server' : 'in every database'}`,
    source: check.source,
    check: (facts) => {
      const plan = planOf(facts);
      const { sql } = facts;
      if (!applies(check, plan) || !('value' in sql)) return [];
      return judge(check, check.severity(plan) as 'blocker' | 'warning', sql.value[check.id]);
    },
  };
}

function judge(check: SqlCheck, severity: 'blocker' | 'warning', found: Reading<SqlFound> | undefined) {
  if (!found || !isRead(found)) {
    const message = `${check.seen}: not known, since the query failed (${found?.unreadable ?? 'it was not asked'}). Give the user of wayBack.login the right to read it, then start again.`;
    // What would not refuse does not refuse where it is unknown.
    return [severity === 'blocker' ? unknown(message) : warning(message)];
  }
  const { count, names } = found.value;
  if (count === 0) return [];
  const message = `${check.seen} (${count}): ${nameFirst(names, count)}. ${check.means} ${check.mend}`;
  return [severity === 'blocker' ? blocker(message) : warning(message)];
}

/** As many names as fit, one at least, and how many others there are. */
function nameFirst(names: string[], count: number): string {
  const told: string[] = [];
  for (const name of names) {
    if (told.length > 0 && [...told, name].join(', ').length > namesFit) break;
    told.push(name.length > namesFit ? `${name.slice(0, namesFit)}...` : name);
  }
  const left = count - told.length;
  return `${told.join(', ')}${left > 0 ? `, and ${left} more` : ''}`;
}
