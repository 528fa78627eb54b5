import { AwsError } from '../wire/service.ts';

/** What a script can make go wrong, by moment. */
export interface MomentEffects {
  /** Green is being built. `fail`: INVALID_CONFIGURATION with this reason, in `task` if named. */
  build: { fail: string; task?: string } | 'never-ends';
  /** The deployment has just become AVAILABLE. Without `forMs` the odd status stays. */
  available:
    | { flapFor: number }
    | { status: string; forMs?: number }
    | { memberStatus: string; forMs?: number };
  /** The guardrails of a switchover. RDS goes back to AVAILABLE unless `leaves` says otherwise. */
  guardrails: { refuse: string; leaves?: string };
  /** Writes are stopped on blue and green does not catch up within SwitchoverTimeout. */
  cut: { timesOut: true; leaves?: string };
  /**
   * Green was opened for writing, and RDS puts everything back nevertheless, so much later. Documents of AWS say that a switchover which stops before
   * its end is put back, and not which of its steps is the end.
   */
  opened: { putBackAfterMs: number };
  /** A member keeps its old names while the switchover completes: row number in SwitchoverDetails, from 1. */
  completion: { memberFails: number };
  /** The names have moved. `guardedForMs`: how long after completion applications are kept from old blue; 0: at no time. */
  'old-blue': { guardedForMs: number };
  /** The switchover is done, and proxies stay with old blue. */
  proxies: 'stay';
  /** The names have moved by the cut, or one by a rename: for so long name servers still answer where they led before. */
  'names-after-cut': { staleForMs: number };
  'names-after-rename': { staleForMs: number };
  /** An event on its way to the listeners. */
  event: 'drop' | 'duplicate' | { delayMs: number };
}

/** An operation refuses, or the change it makes is not seen for the next `staleReads` describes. */
export type OperationEffect = { error: string; message?: string; status?: number } | { staleReads: number };

/** `nth` counts from 1 the calls of the operation or the occurrences of the moment; without it every one is hit. */
export type Fault =
  | { operation: string; nth?: number; effect: OperationEffect }
  | {
      [M in keyof MomentEffects]: { moment: M; nth?: number; eventId?: string; effect: MomentEffects[M] };
    }[keyof MomentEffects];

/** Plays a list of faults. The list may be added to while the control plane runs. */
export class FaultScript {
  readonly #faults: Fault[];
  readonly #seen = new Map<Fault, number>();

  constructor(faults: Fault[]) {
    this.#faults = faults;
  }

  /** Throws the refusal scripted for this call, or gives the number of stale reads that follow it. */
  onCall(operation: string): number {
    const effects = this.#faults
      .filter((fault) => 'operation' in fault && fault.operation === operation && this.#isDue(fault))
      .map((fault) => fault.effect as OperationEffect);
    const refusal = effects.find((effect) => 'error' in effect);
    if (refusal) throw new AwsError(refusal.error, refusal.message ?? `${operation} refused`, refusal.status);
    return effects.find((effect) => 'staleReads' in effect)?.staleReads ?? 0;
  }

  /** The effect scripted for this occurrence of a moment. `eventId` narrows the moment `event`. */
  at<M extends keyof MomentEffects>(moment: M, eventId?: string): MomentEffects[M] | undefined {
    const due = this.#faults.filter(
      (fault) =>
        'moment' in fault &&
        fault.moment === moment &&
        (fault.eventId === undefined || fault.eventId === eventId) &&
        this.#isDue(fault),
    );
    return due[0]?.effect as MomentEffects[M] | undefined;
  }

  #isDue(fault: Fault): boolean {
    const seen = (this.#seen.get(fault) ?? 0) + 1;
    this.#seen.set(fault, seen);
    return fault.nth === undefined || fault.nth === seen;
  }
}
