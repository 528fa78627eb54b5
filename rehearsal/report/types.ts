import type { BakeReport } from '../../functions/domain/bake/report.ts';
import type { Rehearsed } from './rehearsed.ts';

/** A stretch without any acknowledged write. */
export interface Moment {
  longestWriteGapMs: number;
  /** When it began; null when nothing was written. */
  gapAt: number | null;
}

/** How long writes were held, as the application sees it: from the answer of one state to the answer of another. */
export interface Hold {
  from: string;
  to: string;
  ms: number;
  /** What each state took of it. */
  states: { name: string; ms: number }[];
}

/** Acknowledged writes of a stretch of the run, looked for on the database that serves at the end. */
export interface Period {
  name: string;
  acknowledged: number;
  lost: number;
  doubled: number;
}

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
  rehearsed: Rehearsed;
  startedAt: number;
  endedAt: number;
  /** How much faster than real time ticks, timeouts and metric periods went. */
  timeScale: number;
  versions: { before: string; after: string };
  cut: Moment & {
    /** The longest gap of the whole run: what this machine does by itself shows here. Without a cut, `longestWriteGapMs` is the same. */
    longestGapOfRunMs: number;
    /** From the first step against writes on blue until green was open, inside RDS; null without a cut. */
    windowMs: number | null;
    hold: Hold | null;
    writeErrors: Record<string, number>;
    /** The same of those clients whose sessions a pooler can hold. */
    errorsOfPooled: Record<string, number>;
    /** Writes whose COMMIT was sent but whose answer was lost, and that were found afterwards. */
    unknownOutcome: number;
  };
  /** Null when the run did not go back. */
  goingBack:
    | (Moment & {
        hold: Hold | null;
        /** Tables compared while both sides stood still. */
        compared: { by: string; tables: number; differing: number } | null;
        /** Sequences that were set, and found to be where they stood on the other side. */
        sequencesSet: number | null;
        /** Its executions in their order: more than one, or redriven, where it was killed. */
        attempts: { status: string; redriven: number }[];
      })
    | null;
  rows: { acknowledged: number; found: number; lost: number; doubled: number };
  /**
   * The same rows by the kind of client that wrote them. `refused`: a server said that it takes no write or no session; `errors`: all else that
   * failed; `atOldAddress`: attempts, of whatever end, at the server that had served before.
   */
  clients: {
    kind: string;
    writers: number;
    acknowledged: number;
    lost: number;
    doubled: number;
    refused: number;
    errors: number;
    atOldAddress: number;
  }[];
  /** The same rows by the side that took them. */
  periods: Period[];
  /** At the cut. */
  tables: { name: string; rows: number; checksum: string; equal: boolean; isView: boolean }[];
  /**
   * `ahead`: at the end it stands at or past everything that it has filled; null where it fills no column. `value`: where it stood at the cut;
   * `equal`: the other side was set to the same. Both null without a cut. `wasBehind`: before the run already, as where rows were brought with their keys.
   */
  sequences: {
    name: string;
    ahead: boolean | null;
    wasBehind: boolean;
    value: string | null;
    equal: boolean | null;
  }[];
  history: { events: number; transitions: number };
  invariants: { id: string; holds: boolean; detail: string }[];
  /** `machine`: the run itself, or going back. */
  states: { name: string; machine: string; enteredAt: number; exitedAt: number | null }[];
  lag: { at: number; bytes: number | null }[];
  /**
   * What the planner of green knew before the approval, read from green, and what the run said of it; null where the run did not get so far.
   * `rows`: its estimate, null while it has none; `columns`: with statistics, none in an empty table; `analyzedAt`: by hand.
   */
  statistics: {
    told: string;
    tables: { name: string; rows: number | null; columns: number; analyzedAt: number | null }[];
  } | null;
  /** What the bake said, with the baseline of blue; null where the run told no outcome. */
  bake: BakeReport | null;
  /** What production has beside its data in the end, of what blue had: IAM role, tags, event subscription, alarm, scaling policy of Aurora. */
  beside: string[];
  /** Why there was no way back, or none any more; null where there was one, or none was asked for. */
  noWayBack: string | null;
  writesPerSecond: { at: number; writes: number }[];
  announcements: { subject: string; text: string }[];
  /** The SHA-256 of the state machine file that ran. */
  definitionSha256: string;
  warnings: string[];
  /** How green was made. `because`: why it was an approximation of what RDS does, which is a copy that pg_upgrade upgrades; null where it was none. */
  green: { way: 'copy' | 'statements'; because: string | null };
  /** What came from the user's file or server; null without one. */
  own: { tables: number; rows: number } | null;
  /** Tables of the user in which an application could no longer UPDATE or DELETE, and what the server said. */
  unchangeable: { table: string; error: string }[];
}
