import type { Position } from './ledger.ts';

/** A call that changed something, or may have, as the functions logged it. */
export interface ChangingCall {
  /** Ties the lines of one call together. */
  id: string;
  /** ISO time at which it was sent. */
  at: string;
  /** The state, or the function that no state calls. */
  by: string;
  /** Name of the AWS operation, or `SQL` and the question. */
  call: string;
  resource: string | null;
  /** `unfinished`: the function died before it had an answer. */
  outcome: 'accepted' | 'refused' | 'unknown' | 'unfinished';
  error: string | null;
  /** By which CloudTrail has the same call; of SQL there is none. */
  requestId: string | null;
  resourceId: string | null;
}

/** What a state answered last, or that its answer is too large to be kept. */
export type Answer = { payload: unknown } | { bytes: number; digest: string };

/** One run, from its request to its end, as an auditor reads it. */
export interface EvidenceRecord extends Position {
  schema: 'viridian-evidence/1';
  /** ISO time. */
  writtenAt: string;
  run: {
    executionArn: string;
    /** Version of the state machine that ran; null when it ran without one. */
    machineVersion: string | null;
    status: string;
    startedAt: string;
    endedAt: string;
    error: string | null;
    cause: string | null;
  };
  /** The request, or the input of going back, as it was given. */
  input: unknown;
  /** The announcement as data: end, findings, decisions with who and when, bake, what is left; null when the run died before it. */
  outcome: Record<string, unknown> | null;
  /** Every state that was entered, in order. */
  states: { name: string; enteredAt: string }[];
  /** By state: facts and plan, tests, lag, proofs of the serving side, comparison of both sides. */
  answers: Record<string, Answer>;
  changes: ChangingCall[];
  /** SHA-256 over the artefacts of the deployment that wrote this, as the bill of materials names it. */
  artefact: string;
}

/** A line of the log about a changing call. */
export interface ChangeLine {
  event: string;
  at: number;
  fields: Record<string, unknown>;
}

/** Puts the lines of the logs together to calls, in the order in which they were sent. */
export function collectChanges(lines: readonly ChangeLine[]): ChangingCall[] {
  const calls = new Map<string, ChangingCall>();
  for (const { event, at, fields } of lines.toSorted((a, b) => a.at - b.at)) {
    const id = String(fields.id);
    const call = calls.get(id) ?? begin(id, at, fields);
    calls.set(id, call);
    if (event === 'change.sent') continue;
    Object.assign(call, {
      outcome: event.replace('change.', ''),
      error: textOf(fields.error),
      requestId: textOf(fields.requestId),
      resourceId: textOf(fields.resourceId),
    });
  }
  return [...calls.values()];
}

function begin(
  id: string,
  at: number,
  { state, function: name, call, resource }: ChangeLine['fields'],
): ChangingCall {
  return {
    id,
    at: new Date(at).toISOString(),
    by: String(state ?? name),
    call: String(call),
    resource: textOf(resource),
    outcome: 'unfinished',
    error: null,
    requestId: null,
    resourceId: null,
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
