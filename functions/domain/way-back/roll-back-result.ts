import type { Serving } from '../model/deployment.ts';
import { isError } from '../model/failure.ts';
import { type NotYet, notYet } from '../model/not-yet.ts';

/** How an execution stands, as Step Functions describes it. */
export interface Returning {
  status: string;
  error: string | undefined;
  cause: string | undefined;
}

/** Whether the execution was refused before it marked new production: it has changed nothing, and proved nothing. */
export function wasRefused(run: Returning | undefined): boolean {
  return run?.status === 'FAILED' && isError(run.error, 'BlueGreen.RequestInvalid');
}

/**
 * Which side the execution that goes back has ended on. Its error says whether it was proved: unless it was refused, it fails with
 * another one than `BlueGreen.OutcomeUnknown` only after the proof that new production serves.
 */
export function judgeRollBack(
  goingBack: string,
  run: Returning | undefined,
): NotYet | { kind: 'ready'; facts: Serving } {
  if (!run) return ended('unknown', `${goingBack} is not there`);
  if (run.status === 'RUNNING' || run.status === 'PENDING_REDRIVE')
    return notYet(
      `${goingBack} is ${run.status}`,
      'look at that execution: its history says for what it waits',
    );
  if (run.status === 'SUCCEEDED') return ended('blue', `${goingBack} went back and proved it`);
  const said = `${goingBack} ended ${run.status}: ${run.cause ?? run.error ?? 'no reason given'}`;
  const unproved =
    wasRefused(run) || run.error === undefined || isError(run.error, 'BlueGreen.OutcomeUnknown');
  const proved = run.status === 'FAILED' && !unproved;
  return ended(proved ? 'green' : 'unknown', said);
}

function ended(side: Serving['side'], because: string): { kind: 'ready'; facts: Serving } {
  return { kind: 'ready', facts: { side, because } };
}
