import type { Deployment, Finding } from '../model/deployment.ts';
import { isPostgres } from '../model/engine.ts';
import { isMajorUpgrade } from '../model/engine-version.ts';
import { messageOf } from '../model/failure.ts';
import type { Request } from '../request/request.ts';
import type { AnalyzeProgress } from './analyze-plan.ts';

/**
 * `$statistics` of the run: whether the planner of green knows its tables. A new major version begins without statistics,
 * and RDS makes none; until there are some, plans are guesses.
 */
export interface Statistics {
  /** The change loses them. */
  needed: boolean;
  /** No further step is taken. */
  done: boolean;
  /** Why the steps ended early, or were not begun; null where nothing stood in the way. */
  because: string | null;
  /** What the last step saw; null before the first. */
  progress: AnalyzeProgress | null;
}

/** What is known before any database is asked; undefined: take a step. */
export function findNoStep({ wayBack }: Request, deployment: Deployment): Statistics | undefined {
  const { blue, green, database } = deployment;
  const to = green?.engineVersion ?? blue.engineVersion;
  if (!isPostgres(database.engine) || !isMajorUpgrade(database.engine, blue.engineVersion, to))
    return { needed: false, done: true, because: null, progress: null };
  const notAsked = (because: string) => ({ needed: true, done: true, because, progress: null });
  if (!wayBack.login) return notAsked('the request names no wayBack.login');
  if (deployment.replication === 'physical') return notAsked('green is a physical copy');
  return undefined;
}

/** The next value of `$statistics`, from the answer of a step. */
export function afterStep(progress: AnalyzeProgress): Statistics {
  return { needed: true, done: progress.left === 0, because: null, progress };
}

/** Whether a step has come nearer to the end than the one before; locked tables are waited for. */
export function hasAdvanced(before: AnalyzeProgress | null, after: AnalyzeProgress): boolean {
  return before?.left !== after.left || before.slow.length !== after.slow.length;
}

/** Whether every table has statistics, as far as the last step saw. */
export function isRefreshed({ needed, progress }: Statistics): boolean {
  return needed && progress !== null && progress.analyzed === progress.tables;
}

/** In one or two sentences, for approvers and for the record. @param statistics null: nobody has looked */
export function describeStatistics(statistics: Statistics | null | undefined): string {
  if (!statistics) return 'Nobody has looked at them yet.';
  const { needed, because, progress } = statistics;
  if (!needed) return 'Nothing to refresh: only a new major version of PostgreSQL loses them.';
  if (isRefreshed(statistics)) return `Refreshed on green: all ${progress?.tables} tables have statistics.`;
  const reason = because ? ` (${messageOf({ cause: because })})` : '';
  const some = progress ? ` for ${progress.analyzed} of ${progress.tables} tables` : '';
  return `${some ? `Refreshed on green${some}` : 'Not refreshed on green'}${reason}.${progress ? listMissing(progress) : ''} ${consequence}`;
}

const consequence = 'Without statistics plans may be bad after the cut, until somebody runs ANALYZE there.';

/** So many tables are named. */
const named = 10;

function listMissing({ tables, analyzed, slow, givenUp, notAllowed, missing }: AnalyzeProgress): string {
  const without = [
    ...givenUp.map(({ table, because }) => `${table} (${because})`),
    ...notAllowed.map((table) => `${table} (no right)`),
    ...slow.map((table) => `${table} (too slow with the full sample)`),
  ].slice(0, named);
  const others = tables - analyzed - without.length;
  const names = [...without, ...(others > 0 ? [`${others} that were not reached or are locked`] : [])];
  return ` Left out: ${names.join(', ')}.${missing.length > 0 ? ` What is missing: ${missing.join(' ')}` : ''}`;
}

/** What the outcome warns of: plans that may be bad. */
export function warnOfStatistics(statistics: Statistics | null | undefined): Finding[] {
  if (!statistics?.needed || isRefreshed(statistics)) return [];
  return [{ rule: 'statistics', severity: 'warning', message: describeStatistics(statistics) }];
}
