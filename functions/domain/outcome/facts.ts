import type { Baseline } from '../bake/baseline.ts';
import type { Baked } from '../bake/report.ts';
import type { Statistics } from '../build/statistics.ts';
import type { Deployment, Finding } from '../model/deployment.ts';
import type { EndName } from '../model/ends.ts';
import type { Failure } from '../model/failure.ts';
import type { SecuredDatabase } from '../way-back/facts.ts';
import type { LossReport } from '../way-back/loss.ts';
import type { WayBack } from '../way-back/state.ts';
import type { TakenIn } from '../way-back/taken-in.ts';
import type { EndState } from './leftovers.ts';
import type { Standing } from './standing-facts.ts';

/** Writes were released by the proof of new production, and RDS has not confirmed it. */
export interface EarlyRelease {
  /** Address, `host:port`. */
  at: string;
  /** Which keep the log of what was written there. */
  slots: Pick<SecuredDatabase, 'database' | 'slot'>[];
  /** What was found there when blue served after all. */
  takenIn?: TakenIn;
}

/** Everything that an outcome reports. */
export interface OutcomeFacts {
  end: EndName;
  executionArn: string;
  /** ISO time. */
  startedAt: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** `$request`: not validated when the run was refused for it. */
  request: unknown;
  /** `$deployment`: empty when the run was refused early. */
  deployment: Partial<Deployment>;
  findings: Finding[];
  /** The first error of the run. */
  failure: Failure | null;
  /** What went wrong while the run cleaned up after it. */
  cleanupFailure: Failure | null;
  /** `$approval` of the run; empty when nobody was asked or not all have approved. */
  approval?: unknown;
  /** `$statistics` of the run; null where it did not get so far. */
  statistics?: Statistics | null;
  /** `$baseline` and `$baked` of the run. */
  baseline?: Baseline;
  baked?: Baked;
  /** `$serving.because`, where the serving side was looked for. */
  servingBecause?: string;
  /** Where new production had proved that it takes writes, before RDS was done; absent where green was proved to serve afterwards. */
  early?: EarlyRelease;
  /** `$wayBack` of the run. */
  wayBack?: Partial<WayBack>;
  endState: EndState;
  /** What of ours stands on the databases. Absent where the run never knew them. */
  standing?: Standing[];
  /** Where the record of the readers leads, a line each; empty where the request names none. */
  readers?: string[];
  /** Where the people of this stack read the runbook. */
  runbook: string;
  /** The loss that an execution of `roll-back` has stated. */
  going?: Omit<LossReport, 'end'>;
}
