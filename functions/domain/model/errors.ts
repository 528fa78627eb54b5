import type { NotYet } from './not-yet.ts';

/**
 * The errors of the workflow. Their names are part of the interface: Catch and Retry match them, the runbook has a heading
 * for each, and renaming one is a breaking change. They are sorted by what the workflow must do next.
 */
abstract class BlueGreenError extends Error {
  abstract override readonly name: string;
}

/** The input is malformed, or what it asks of `roll-back` cannot be done: refused before anything was changed or marked. */
export class RequestInvalid extends BlueGreenError {
  readonly name = 'BlueGreen.RequestInvalid';
}

/** One or more rules say no; the message lists every failing one. The run is refused. */
export class PreconditionFailed extends BlueGreenError {
  readonly name = 'BlueGreen.PreconditionFailed';
}

/** RDS refuses for now, and it is proved that nothing was done: retried with back-off, bounded. The last one is the error of its state. */
export class Busy extends BlueGreenError {
  readonly name: 'BlueGreen.Busy' | 'BlueGreen.Throttled' = 'BlueGreen.Busy';

  constructor({ because }: NotYet, options?: ErrorOptions) {
    super(because, options);
  }
}

/** AWS admits no more calls for now, or it is not this run's turn: nothing was done, and it is asked again until the run has no time left. */
export class Throttled extends Busy {
  override readonly name = 'BlueGreen.Throttled';
}

/** A hook, parity or verification failed. */
export class TestFailed extends BlueGreenError {
  readonly name = 'BlueGreen.TestFailed';
}

/** Green cannot become ready any more. */
export class ProvisioningFailed extends BlueGreenError {
  readonly name = 'BlueGreen.ProvisioningFailed';
}

/** Green lacks its members alone: "Wait for green" looks often from then on. */
export class NearlyReady extends BlueGreenError {
  readonly name = 'BlueGreen.NearlyReady';
}

/** A limit of readiness, approval or window has passed. */
export class NotReadyInTime extends BlueGreenError {
  readonly name = 'BlueGreen.NotReadyInTime';
}

/** A person said no, or an approval is not what it claims to be. */
export class ApprovalDenied extends BlueGreenError {
  readonly name = 'BlueGreen.ApprovalDenied';
}

/** It cannot be proved which side serves: never retried, never cleaned up. */
export class OutcomeUnknown extends BlueGreenError {
  readonly name = 'BlueGreen.OutcomeUnknown';
}

/** Production is right, leftovers remain. */
export class CleanupIncomplete extends BlueGreenError {
  readonly name = 'BlueGreen.CleanupIncomplete';
}

/** RDS returned something that this version does not know, or a fact that the run relies on has changed. */
export class UnexpectedState extends BlueGreenError {
  readonly name = 'BlueGreen.UnexpectedState';
}

/** Names that no handler throws: the machine or a sent task failure raises them. */
export const raisedElsewhere = {
  /** Look again: an event says so to a wait, never to an approval, and a wrong phrase that was typed at a link to either. */
  woken: 'BlueGreen.Woken',
  /** A person asked to stop. Sent to the open token. */
  stopRequested: 'BlueGreen.StopRequested',
  /** A person asked to pause before the cut. Sent to the open token. */
  pauseRequested: 'BlueGreen.PauseRequested',
  /** The machine sets it when blue is proved to serve after a switchover that was started. */
  switchoverRolledBack: 'BlueGreen.SwitchoverRolledBack',
} as const;

type Thrown =
  | RequestInvalid
  | PreconditionFailed
  | Busy
  | TestFailed
  | ProvisioningFailed
  | NearlyReady
  | NotReadyInTime
  | ApprovalDenied
  | OutcomeUnknown
  | CleanupIncomplete
  | UnexpectedState;

/** Every error name of ours, whoever raises it. */
export type ErrorName = Thrown['name'] | (typeof raisedElsewhere)[keyof typeof raisedElsewhere];
