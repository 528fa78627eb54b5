import type { EndName } from '../../../functions/domain/model/ends.ts';
import type { StateName } from '../../../functions/domain/model/states.ts';
import type { Kind } from '../databases.ts';
import type { Trouble } from '../faults.ts';
import type { Request } from '../run.ts';

/** One row of the table: what is asked for, what goes wrong, and how it must end. */
export interface Scenario {
  what: string;
  /** Added to the plain request of the kind. */
  ask?: Request | ((kind: Kind) => Request);
  troubles?: Trouble[];
  end: EndName;
  /** Error of the execution; undefined where it succeeds. */
  error?: string;
  /** Side with the production name, where the end leaves it open. */
  serves?: 'blue' | 'green';
  /** States that the run must have passed. */
  passes?: StateName[];
  /** Played for every kind of database; the others for an instance with a replica and for a cluster. */
  everywhere?: true;
  /** Kinds for which it means something; all without it. */
  only?: (kind: Kind) => boolean;
  /** Invariants that the trouble itself breaks, and the run tells of. */
  breaks?: string[];
  /** What is done after the end and before anything is judged, such as the hourly look of reconcile. */
  afterwards?: Trouble[];
}

export const ends = {
  dryRun: 'Dry run passed: nothing was changed',
  refused: 'Refused: nothing was changed',
  stopped: 'Stopped before switchover: blue serves production',
  rolledBack: 'Switchover rolled back: blue serves production',
  green: 'Green serves production',
  incomplete: 'Green serves production, clean-up incomplete',
  unknown: 'Outcome unknown: look before any retry',
  wentBack: 'Went back: blue serves production',
  backUnknown: 'Going back incomplete: look before any retry',
} as const satisfies Record<string, EndName>;

export const errors = {
  invalid: 'BlueGreen.RequestInvalid',
  precondition: 'BlueGreen.PreconditionFailed',
  busy: 'BlueGreen.Busy',
  throttled: 'BlueGreen.Throttled',
  stop: 'BlueGreen.StopRequested',
  test: 'BlueGreen.TestFailed',
  provisioning: 'BlueGreen.ProvisioningFailed',
  late: 'BlueGreen.NotReadyInTime',
  denied: 'BlueGreen.ApprovalDenied',
  rolledBack: 'BlueGreen.SwitchoverRolledBack',
  unknown: 'BlueGreen.OutcomeUnknown',
  cleanup: 'BlueGreen.CleanupIncomplete',
  unexpected: 'BlueGreen.UnexpectedState',
  crash: 'Lambda.Unknown',
} as const;

/** Ends of a run that was stopped before its cut. */
export const stoppedBy = (error: string): Pick<Scenario, 'end' | 'error'> => ({ end: ends.stopped, error });
/** Ends of a run whose cut is done and whose remainder is not. */
export const incompleteBy = (error: string): Pick<Scenario, 'end' | 'error'> => ({
  end: ends.incomplete,
  error,
});
