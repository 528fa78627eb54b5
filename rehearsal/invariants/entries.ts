import type { InvocationRequest } from '@aws-sdk/client-lambda';
import type { FunctionCall } from '../../packages/local-aws/wire/function-calls.ts';
import { decodeText } from '../../packages/local-aws/wire/wire.ts';

/** One line of the log about a call that changes something (functions/runtime/changes.ts). */
export interface Line {
  event: string;
  call: string;
  resource?: string;
  id: string;
  executionArn?: string;
  state?: string;
  function?: string;
  error?: string;
  requestId?: string;
  resourceId?: string;
}

/** Nothing for the lines that are about something else. */
export function readLine(text: string): Line[] {
  return text.startsWith('{"event":"change.') ? [JSON.parse(text) as Line] : [];
}

/** Seals are made and verified; of what is invoked only the databases are ours to account for here, the rest has entries of its own. */
export function isChange({ call, input }: FunctionCall): boolean {
  if (call.operation === 'Invoke') return !harmlessAsks.includes(askOf(input)?.ask ?? 'facts');
  return !/^(Generate|Verify)Mac$/.test(call.operation);
}

const harmlessAsks = [
  'preconditions',
  'facts',
  'takes-writes',
  'compare-schema',
  'read-side',
  'load-step',
  'long-transactions',
  'ended-replication',
  'read-streams',
  'drained',
  'foreign-writers',
  'compare',
  'leftovers',
];

function askOf(input: unknown): { ask: string; places: string[] } | undefined {
  const { FunctionName = '', Payload } = input as InvocationRequest;
  // A dry run has no question.
  if (!/sql(Postgres|Mysql)(:\d+)?$/.test(FunctionName) || !Payload?.length) return undefined;
  const { ask, ...question } = JSON.parse(decodeText(Payload)) as { ask: string };
  const asked = [question, ...Object.values(question)] as ({ resourceId?: string } | null)[];
  return { ask, places: asked.flatMap((place) => place?.resourceId ?? []) };
}

/** A call and its entry have the same. The id of a question does not reach the wire: those are told apart by what is asked of whom. */
export function keyOfCall({ call, input }: FunctionCall): string {
  const asked = call.operation === 'Invoke' && askOf(input);
  if (asked) return `SQL ${asked.ask} ${asked.places.toSorted()}`;
  return `${call.operation} ${call.invocationId}/${call.attempt}`;
}

export function keyOfLine({ call, id, resource = '' }: Line): string {
  return call.startsWith('SQL ') ? `${call} ${valuesOf(resource).toSorted()}` : `${call} ${id}`;
}

/** The ids, names and addresses of a line. */
export const valuesOf = (resource: string): string[] =>
  resource.split(' ').map((named) => named.slice(named.indexOf('=') + 1));
