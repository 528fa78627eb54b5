import type { Decision } from '../approval/decision.ts';
import type { BuildTask } from '../build/readiness.ts';
import type { Steering } from '../hold/steering.ts';
import type { Deployment } from '../model/deployment.ts';

/** A wait that is open. Its token is not here: it would answer the wait. */
export interface OpenWait {
  state: string;
  kind: 'wait' | 'approval';
  /** Of an approval: who is asked. */
  group: string | null;
  /** When it began to look; milliseconds since the epoch. */
  at: number;
  /** What a person may ask of the run there. */
  may: Steering[];
}

/** What a look of a waiting state found. */
export interface SeenReason {
  because: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** How an execution stands, as its description and its history say it. No token, seal or link is in it. */
export interface RunFacts {
  executionArn: string;
  /** As Step Functions has it: `RUNNING`, `SUCCEEDED` … */
  status: string;
  /** ISO times; the end is null while it is open. */
  startedAt: string;
  endedAt: string | null;
  error: string | null;
  cause: string | null;
  /** As it was given. */
  input: Record<string, unknown>;
  /** Steps in the order in which they were entered, without choices. Times in milliseconds since the epoch. */
  entered: { state: string; at: number }[];
  /** When the task of a state answered last. */
  answered: ReadonlyMap<string, number>;
  waits: OpenWait[];
  /** The newest reason of each waiting state why it still waits, by {@link keyOfWait}. */
  reasons: ReadonlyMap<string, SeenReason>;
  /** The tasks of RDS that build green, as the newest look at them found them; empty where none was made. */
  buildTasks: BuildTask[];
  /** Variables of the execution that are moments, as they were assigned last: ISO times. */
  until: Partial<Record<'deadline' | 'bakeUntil' | 'pauseUntil' | 'approveBy' | 'staleUntil', string>>;
  /** `$request` and `$deployment` as a state was given them last. */
  request: Record<string, unknown>;
  deployment: Partial<Deployment>;
  /** `$deployment` as it was when the switchover was asked for: names are those of before the cut. */
  beforeCut: Deployment | null;
  decisions: Omit<Decision, 'seal'>[];
  /** What "Record outcome" answered, as data. */
  outcome: Record<string, unknown> | null;
  /** Events of the history that were not read: they lie between its beginning and its newest part. */
  leftOut: number;
}

export const keyOfWait = (state: string, group: string | null): string => `${state}/${group ?? ''}`;

/** Name of the execution, which is the last part of its ARN. */
export const nameOfRun = ({ executionArn }: Pick<RunFacts, 'executionArn'>): string =>
  executionArn.split(':').at(-1) ?? '';

/** Which database it is about; null where not even the input says it. */
export function databaseOf({ deployment, input, request }: RunFacts): string | null {
  const named = deployment.database?.id ?? request.database ?? input.database;
  return typeof named === 'string' ? named : null;
}
