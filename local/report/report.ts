import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../options.ts';
import { reportPage } from './page.ts';

/** What a rehearsal proved. Written as `report.json`; all times are real milliseconds since the epoch. */
export interface Report {
  endState: string;
  /** Status of the execution as Step Functions names it. */
  status: string;
  /** The run's error name, or null. */
  error: string | null;
  /** Why, in the run's own words, or null. */
  cause: string | null;
  /** True when the run ended as this rehearsal expects it to. */
  asExpected: boolean;
  options: Record<string, unknown>;
  startedAt: number;
  endedAt: number;
  /** How much faster than real time ticks, timeouts and metric periods went. */
  timeScale: number;
  versions: { before: string; after: string };
  cut: {
    /** Longest time between two acknowledged writes around the cut; without a cut, in the whole run. */
    longestWriteGapMs: number;
    /** The same over the whole run: what this machine does by itself shows here. */
    longestGapOfRunMs: number;
    /** When the gap began; null when nothing was written. */
    gapAt: number | null;
    writeErrors: Record<string, number>;
    /** Writes whose COMMIT was sent but whose answer was lost, and that were found afterwards. */
    unknownOutcome: number;
  };
  rows: { acknowledged: number; found: number; lost: number; doubled: number };
  tables: { name: string; rows: number; checksum: string; equal: boolean }[];
  sequences: { name: string; ahead: boolean }[];
  history: { events: number; transitions: number };
  invariants: { id: string; holds: boolean; detail: string }[];
  states: { name: string; enteredAt: number; exitedAt: number | null }[];
  lag: { at: number; bytes: number | null }[];
  writesPerSecond: { at: number; writes: number }[];
  announcements: { subject: string; text: string }[];
  /** The SHA-256 of the state machine file that ran. */
  definitionSha256: string;
  warnings: string[];
}

/**
 * Makes the folder of a report before there is one, so that a rehearsal is not lost for want of a place.
 * @throws UsageError when it cannot be made or written
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--report ${folder}: ${(error as Error).message}; give a folder that can be written`,
    );
  }
}

/**
 * Writes `report.json`, a self-contained `index.html` and `functions.log` (what the functions logged) into the folder.
 */
export async function writeReport(folder: string, report: Report, log: string[]): Promise<void> {
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'index.html'), reportPage(report));
  await writeFile(join(folder, 'functions.log'), log.map((line) => `${line}\n`).join(''));
}
