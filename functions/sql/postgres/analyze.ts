import pg from 'pg';
import {
  type AnalyzeProgress,
  type AnalyzeState,
  type AnalyzeTask,
  afterTimeout,
  giveUp,
  planAnalyze,
  type TableStatistics,
  tableKey,
} from '../../domain/build/analyze-plan.ts';
import { listLimit } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { sideBySide } from '../side-by-side.ts';
import { type ListedDatabase, listDatabases } from './databases.ts';
import { codeOf } from './failure.ts';
import { type Session, withSession } from './session.ts';
import { readStatistics } from './statistics.ts';

/** One step: tables without statistics, one after the other, until the time is up. Long work is the server's, in small pieces. */
export async function analyzeStep(input: Input<'analyze-step'>): Promise<Answer<'analyze-step'>> {
  const databases = await withSession(input, 'postgres', listDatabases);
  let state: AnalyzeState = input.progress ?? { slow: [], givenUp: [] };
  let secondsLeft = input.withinSeconds;
  for (const batch of groupByDatabase(planAnalyze(await readAll(input, databases), state))) {
    if (secondsLeft <= 0) break;
    const work = async (session: Session) => {
      for (const task of batch.tasks) {
        if (secondsLeft <= 0) break;
        const started = performance.now();
        state = afterOutcome(state, task, await analyze(session, task));
        secondsLeft -= (performance.now() - started) / 1_000;
      }
    };
    await withSession(input, batch.database, work, 1_000 * input.tableSeconds);
  }
  return summarize(await readAll(input, databases), state);
}

/** What came of one table: nothing to note, or why not. */
type Outcome = { kind: 'analyzed' | 'too-slow' | 'later' } | { kind: 'given-up'; because: string };

async function analyze(session: Session, { table, statisticsTarget }: AnalyzeTask): Promise<Outcome> {
  try {
    await session.query('SELECT viridian.analyze_table($1::regclass, $2)', [table, statisticsTarget]);
  } catch (error) {
    return outcomeOf(error);
  }
  // A missing right is only a warning of the server.
  if (await isAnalyzed(session, table)) return { kind: 'analyzed' };
  return { kind: 'given-up', because: 'the server passed over it' };
}

/**
 * An error that lies in one table, such as an index on an expression that fails, must not keep the others from their statistics.
 * Everything that lies in the server or in the connection ends the step.
 */
function outcomeOf(error: unknown): Outcome {
  const code = codeOf(error);
  if (code === '57014') return { kind: 'too-slow' };
  // Locked, or dropped meanwhile and then missing in the next plan.
  if (code === '55P03' || code === '42P01') return { kind: 'later' };
  if (!(error instanceof pg.DatabaseError) || /^(?:08|53|57|58)/.test(code)) throw error;
  return { kind: 'given-up', because: `error ${code}` };
}

function afterOutcome(state: AnalyzeState, task: AnalyzeTask, outcome: Outcome): AnalyzeState {
  if (outcome.kind === 'too-slow') return afterTimeout(state, task);
  if (outcome.kind === 'given-up') return giveUp(state, task, outcome.because);
  return state;
}

/** Tasks in their order; those of one database that follow each other share a session. */
function groupByDatabase(tasks: AnalyzeTask[]): { database: string; tasks: AnalyzeTask[] }[] {
  const batches: { database: string; tasks: AnalyzeTask[] }[] = [];
  for (const task of tasks) {
    const last = batches.at(-1);
    if (last?.database === task.database) last.tasks.push(task);
    else batches.push({ database: task.database, tasks: [task] });
  }
  return batches;
}

/** A database that we cannot sign in to stands as one table that is missing. */
async function readAll(
  input: Input<'analyze-step'>,
  databases: ListedDatabase[],
): Promise<TableStatistics[]> {
  const tables = await sideBySide(databases, async ({ name: database, missing }) => {
    const closed = { database, table: 'every table', bytes: 0, analyzed: false, partitioned: false, missing };
    if (missing !== null) return [closed];
    return withSession(input, database, (session) => readStatistics(session, database));
  });
  return tables.flat();
}

function summarize(tables: TableStatistics[], state: AnalyzeState): AnalyzeProgress {
  const notAllowed = tables.filter(({ analyzed, missing }) => !analyzed && missing !== null);
  const missing = new Set(notAllowed.map((table) => table.missing ?? ''));
  return {
    ...state,
    tables: tables.length,
    analyzed: tables.filter(({ analyzed }) => analyzed).length,
    left: planAnalyze(tables, state).length,
    notAllowed: notAllowed.slice(0, listLimit).map(tableKey),
    missing: [...missing].slice(0, listLimit),
  };
}

/** Statistics of before PostgreSQL 15 arrive a moment after the statement. */
async function isAnalyzed(session: Session, table: string): Promise<boolean> {
  for (let look = 0; look < 20; look += 1) {
    const { rows } = await session.query<{ analyzed: boolean }>(
      `SELECT coalesce(pg_stat_get_last_analyze_time(c), pg_stat_get_last_autoanalyze_time(c)) IS NOT NULL AS analyzed
         FROM CAST($1 AS regclass) AS c`,
      [table],
    );
    if (rows[0]?.analyzed) return true;
    await session.query('SELECT pg_sleep(0.05)');
  }
  return false;
}
