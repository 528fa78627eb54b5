/** A table of a database and whether it has been analyzed since its statistics began. */
export interface TableStatistics {
  database: string;
  /** Quoted, with its schema. */
  table: string;
  bytes: number;
  analyzed: boolean;
  /** Its ANALYZE takes its partitions along, in the same transaction: before PostgreSQL 18. */
  partitioned: boolean;
  /** The statement that lets us analyze it; null where nothing is missing. */
  missing: string | null;
}

/** How far the statistics of green are, passed from step to step. */
export interface AnalyzeProgress {
  /** All tables, with those that have statistics. */
  tables: number;
  analyzed: number;
  /** Tables without statistics that can still be tried. */
  left: number;
  /** Keys of those that did not finish within a step with the full sample; they are tried once more with a tenth of it. */
  slow: string[];
  /** Tried, and they keep no statistics. */
  givenUp: { table: string; because: string }[];
  /** Keys of the first tables that we may not analyze, and the statements that would allow it. */
  notAllowed: string[];
  missing: string[];
}

/** What decides the next step; the remainder is for readers. */
export type AnalyzeState = Pick<AnalyzeProgress, 'slow' | 'givenUp'>;

/** Which table comes next and with which sample. */
export interface AnalyzeTask {
  database: string;
  table: string;
  partitioned: boolean;
  /** `default_statistics_target`; null keeps the server's. ANALYZE reads 300 rows a unit. */
  statisticsTarget: number | null;
}

/** A tenth of PostgreSQL's default of 100: a sample of 3,000 rows. */
export const smallSample = 10;

/** A step that has skipped so many tables stops: the list travels through every later state of the run. */
export const giveUpLimit = 100;

/** One name for a table of a server, as it stands in {@link AnalyzeProgress}. */
export function tableKey({ database, table }: { database: string; table: string }): string {
  return `${database}: ${table}`;
}

/** Tables that are still to be done, in their order: small ones first, so that one slow table holds up the fewest. */
export function planAnalyze(tables: TableStatistics[], { slow, givenUp }: AnalyzeState): AnalyzeTask[] {
  if (givenUp.length >= giveUpLimit) return [];
  const isSlow = (table: TableStatistics) => slow.includes(tableKey(table));
  const isGivenUp = (table: TableStatistics) => givenUp.some((other) => other.table === tableKey(table));
  return tables
    .filter((table) => !table.analyzed && table.missing === null && !isGivenUp(table))
    .toSorted((a, b) => Number(isSlow(a)) - Number(isSlow(b)) || a.bytes - b.bytes)
    .map((table) => ({
      database: table.database,
      table: table.table,
      partitioned: table.partitioned,
      statisticsTarget: isSlow(table) ? smallSample : null,
    }));
}

/**
 * After a table ran out of its time. A partitioned one is not tried with the small sample: that would take its partitions
 * along, and leave them with less than the full sample of their own.
 */
export function afterTimeout(state: AnalyzeState, task: AnalyzeTask): AnalyzeState {
  return task.statisticsTarget === null && !task.partitioned
    ? { slow: [...state.slow, tableKey(task)], givenUp: state.givenUp }
    : giveUp(state, task, 'too slow');
}

/** After a table that cannot be analyzed. */
export function giveUp({ slow, givenUp }: AnalyzeState, task: AnalyzeTask, because: string): AnalyzeState {
  const table = tableKey(task);
  return { slow: slow.filter((other) => other !== table), givenUp: [...givenUp, { table, because }] };
}
