/** A statement that is still to be compared. */
export interface Queued {
  /** From 1: its place in the file, or its rank at the server. */
  number: number;
  /** What the server knows it by; of a file its number. */
  id: string;
  database: string;
  /** Whose statement it is, where the server says: it finds tables by that role's search_path. */
  role?: string;
}

/** What came of a statement on one side. */
export type Measured =
  /** Median of so many runs, in milliseconds, after one that warmed the caches. */
  | { kind: 'ran'; ms: number; runs: number }
  /** The planner's estimate, where a parameter's value is not known. */
  | { kind: 'estimated'; cost: number }
  /** It ran out of its time, in milliseconds. */
  | { kind: 'slow'; ms: number }
  /** The server said no; `passing`: as it may say at another time yes, of a lock. */
  | { kind: 'failed'; error: string; passing: boolean };

/** One statement on both sides. Nothing of it is a value of the user's data. */
export interface StatementResult {
  /** Its number in the file, or its rank at the server. */
  number: number;
  digest: string;
  /** Without values, cut. */
  text: string;
  blue: Measured;
  green: Measured;
  /** How each side goes about it, where that differs; null: in the same way, or it is not known. */
  plans: { blue: string; green: string } | null;
}

/** How far a load test is, passed from step to step. */
export interface LoadProgress {
  queue: Queued[];
  results: StatementResult[];
  /** Statements of the server that were left out, because they do more than read, were cut by the server or are gone. */
  passedOver: number;
  /** Seconds that statements took, of both sides. */
  seconds: number;
}

/** `$tests.load` of a run. */
export interface LoadTest {
  done: boolean;
  /** Why the run may not go on; null: it may. */
  no: string | null;
  /** Why it was not made, or not to its end; absent: it was. */
  untested?: string | null;
  /** Where statements came from: `top`, or the file and the digest of its content. */
  source: string;
  progress: LoadProgress | null;
}

/** The most characters of a result's texts, so that all of them fit into a record of a run (16 KiB). */
export const longestText = 100;
