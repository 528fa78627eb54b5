/** A table of a database and whether it has been analyzed since its statistics began. */
export interface TableStatistics {
  database: string;
  /** Quoted, with its schema. */
  table: string;
  bytes: number;
  analyzed: boolean;
}

/** How far the statistics of green are, passed from step to step. */
export interface AnalyzeProgress {
  /** Tables without statistics that can still be tried. */
  left: number;
  /** Did not finish within a step with the full sample; they are tried once more with a tenth of it. */
  slow: string[];
  /** Did not finish with the small sample either: they keep no statistics, and the run says so. */
  leftOut: string[];
}

/** Which table comes next and with which sample. */
export interface AnalyzeTask {
  database: string;
  table: string;
  /** `default_statistics_target`; null keeps the server's. ANALYZE reads 300 rows a unit. */
  statisticsTarget: number | null;
}

/** A tenth of PostgreSQL's default of 100: a sample of 3,000 rows. */
export const smallSample = 10;

/** One name for a table of a server, as it stands in {@link AnalyzeProgress}. */
export function tableKey({ database, table }: { database: string; table: string }): string {
  return `${database}: ${table}`;
}

/** Tables that are still to be done, in their order: small ones first, so that one slow table holds up the fewest. */
export function planAnalyze(
  tables: TableStatistics[],
  progress: Pick<AnalyzeProgress, 'slow' | 'leftOut'>,
): AnalyzeTask[] {
  const isSlow = (table: TableStatistics) => progress.slow.includes(tableKey(table));
  return tables
    .filter((table) => !table.analyzed && !progress.leftOut.includes(tableKey(table)))
    .toSorted((a, b) => Number(isSlow(a)) - Number(isSlow(b)) || a.bytes - b.bytes)
    .map((table) => ({
      database: table.database,
      table: table.table,
      statisticsTarget: isSlow(table) ? smallSample : null,
    }));
}

/** Progress after a table ran out of its step's time. */
export function afterTimeout(
  progress: AnalyzeProgress,
  task: AnalyzeTask,
): Pick<AnalyzeProgress, 'slow' | 'leftOut'> {
  const key = tableKey(task);
  return task.statisticsTarget === null
    ? { slow: [...progress.slow, key], leftOut: progress.leftOut }
    : { slow: progress.slow.filter((other) => other !== key), leftOut: [...progress.leftOut, key] };
}
