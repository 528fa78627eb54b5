import {
  type AnalyzeProgress,
  type AnalyzeTask,
  afterTimeout,
  planAnalyze,
  type TableStatistics,
  tableKey,
} from '../../domain/way-back-analyze.ts';
import { codeOf } from '../failure.ts';
import type { Answer, Input } from '../operations.ts';
import { type Server, type Session, withSession } from '../session.ts';
import { serverTime } from './clock.ts';
import { ownSchema } from './names.ts';

/** One step: tables without statistics, one after the other, until the time is up. Long work is the server's, in small pieces. */
export async function analyzeStep(input: Input<'analyze-step'>): Promise<Answer<'analyze-step'>> {
  let progress: AnalyzeProgress = input.progress ?? { left: 0, slow: [], leftOut: [] };
  let secondsLeft = input.withinSeconds;
  for (const task of planAnalyze(await readAll(input), progress)) {
    if (secondsLeft <= 0) break;
    const { outcome, seconds } = await analyze(input, task, input.withinSeconds);
    secondsLeft -= seconds;
    if (outcome === 'too-slow') progress = { ...progress, ...afterTimeout(progress, task) };
    if (outcome === 'no-right') progress = { ...progress, leftOut: [...progress.leftOut, tableKey(task)] };
  }
  return { ...progress, left: planAnalyze(await readAll(input), progress).length };
}

type Outcome = 'analyzed' | 'too-slow' | 'locked' | 'no-right';

function analyze(
  server: Server,
  { database, table, statisticsTarget }: AnalyzeTask,
  withinSeconds: number,
): Promise<{ outcome: Outcome; seconds: number }> {
  return withSession(server, database, async (session) => {
    const started = await serverTime(session);
    await session.query(`SET statement_timeout = '${Math.ceil(withinSeconds)}s'`);
    const outcome = await session
      .query('SELECT viridian.analyze_table($1::regclass, $2)', [table, statisticsTarget])
      // A missing right is only a warning of the server.
      .then(async () => ((await isAnalyzed(session, table)) ? 'analyzed' : 'no-right'))
      .catch(outcomeOf);
    return { outcome: outcome as Outcome, seconds: (await serverTime(session)) - started };
  });
}

/** A table that was dropped meanwhile is missing in the next plan. */
function outcomeOf(error: unknown): Outcome {
  switch (codeOf(error)) {
    case '57014':
      return 'too-slow';
    case '55P03':
    case '42P01':
      return 'locked';
    case '42501':
      return 'no-right';
    default:
      throw error;
  }
}

async function readAll(input: Input<'analyze-step'>): Promise<TableStatistics[]> {
  const tables: TableStatistics[] = [];
  for (const database of input.databases) {
    const found = await withSession(input, database, readStatistics);
    tables.push(...found.map((table) => ({ ...table, database })));
  }
  return tables;
}

/**
 * Partitioned tables too: nothing but an ANALYZE of their own gives them statistics. Measuring a table waits for whoever has
 * locked it, so one that is locked comes last, unmeasured.
 */
async function readStatistics(session: Session): Promise<Omit<TableStatistics, 'database'>[]> {
  const { rows } = await session.query<{ table: string; bytes: string | null; analyzed: boolean }>(
    `SELECT format('%I.%I', schemaname, relname) AS table,
            CASE WHEN EXISTS (SELECT FROM pg_locks l WHERE l.relation = relid AND l.mode = 'AccessExclusiveLock'
                               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                 THEN NULL ELSE pg_table_size(relid) END AS bytes,
            coalesce(last_analyze, last_autoanalyze) IS NOT NULL AS analyzed
       FROM pg_stat_user_tables WHERE schemaname <> $1 AND schemaname !~ '^pg_temp'
      ORDER BY schemaname COLLATE "C", relname COLLATE "C"`,
    [ownSchema],
  );
  return rows.map((row) => ({
    ...row,
    bytes: row.bytes === null ? Number.MAX_SAFE_INTEGER : Number(row.bytes),
  }));
}

/** Statistics of before PostgreSQL 15 arrive a moment after the statement. */
async function isAnalyzed(session: Session, table: string): Promise<boolean> {
  for (let look = 0; look < 20; look += 1) {
    const { rows } = await session.query<{ at: unknown }>(
      'SELECT coalesce(last_analyze, last_autoanalyze) AS at FROM pg_stat_user_tables WHERE relid = $1::regclass',
      [table],
    );
    if (rows[0]?.at) return true;
    await session.query('SELECT pg_sleep(0.05)');
  }
  return false;
}
