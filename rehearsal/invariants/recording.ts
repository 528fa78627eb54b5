import { functionKeys, taskKeys } from '../../deploy/functions.ts';
import type { FunctionCall } from '../../packages/local-aws/wire/function-calls.ts';
import { isChange, keyOfCall, keyOfLine, type Line, readLine, valuesOf } from './entries.ts';
import { type Evidence, parametersOf } from './evidence.ts';
import type { Check } from './types.ts';

/** What the log says of changes, beside what was received. */
export const recording: Record<string, Check> = {
  I18: everyChangeIsRecorded,
};

function everyChangeIsRecorded(evidence: Evidence) {
  const lines = evidence.logs.flatMap(readLine);
  const sent = lines.filter(({ event }) => event === 'change.sent');
  const ends = lines.filter(({ event }) => event !== 'change.sent');
  const calls = evidence.functionCalls.filter(isChange);
  const broken = [
    ...compareCounts(calls, sent, ends, evidence.brokenOff),
    ...ends.flatMap((end) => compareOutcome(end, sent, calls)),
    ...findActors(sent, evidence),
    ...ends.flatMap((end) => compareResource(end, evidence)),
  ];
  return {
    promise: `each of ${calls.length} changing calls has its entry in the log, and each entry its call`,
    broken: [...new Set(broken)],
  };
}

/**
 * As many entries as calls, by what was called. A function that was broken off in a call leaves an entry without an outcome, and may not
 * have sent it; a call that is still being processed has none yet.
 */
function compareCounts(calls: FunctionCall[], sent: Line[], ends: Line[], brokenOff: number): string[] {
  const ended = new Set(ends.map(({ id }) => id));
  const open = sent.filter(({ id }) => !ended.has(id));
  const received = countBy(calls, keyOfCall);
  const recorded = countBy(sent, keyOfLine);
  const unended = countBy(open, keyOfLine);
  const underway = calls.filter(({ outcome }) => !outcome).length;
  return [
    ...[...received]
      .filter(([key, count]) => count > (recorded.get(key) ?? 0))
      .map(([key]) => `${key} has no entry`),
    ...[...recorded]
      .filter(([key, entries]) => entries - (unended.get(key) ?? 0) > (received.get(key) ?? 0))
      .map(([key]) => `the entry ${key} has no call`),
    ...(open.length > brokenOff + underway
      ? [`${open.length} entries have no outcome: ${open.map(({ call }) => call).join(', ')}`]
      : []),
    ...(ended.size < ends.length ? ['an entry has two outcomes'] : []),
  ];
}

function countBy<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** The wire has the code of an error, a client the name of its class: `InvalidDBInstanceState` and `InvalidDBInstanceStateFault`. */
const plainName = (error: string): string => error.replace(/(Fault|Exception)$/, '');

/** What the function heard is what was answered. Whether an unknown outcome might have been known is not judged. */
function compareOutcome({ event, id, call, error, requestId }: Line, sent: Line[], calls: FunctionCall[]) {
  if (!sent.some((line) => line.id === id)) return [`the outcome of ${call} (${id}) has no entry`];
  const received = calls.find((one) => `${one.call.invocationId}/${one.call.attempt}` === id);
  if (!received || event === 'change.unknown') return [];
  const { outcome } = received;
  const agrees =
    event === 'change.accepted'
      ? outcome?.kind === 'answered'
      : outcome?.kind === 'refused' && plainName(outcome.error.name) === plainName(error ?? '');
  return agrees && requestId === received.call.requestId ? [] : [`${call} (${id}) is not ${event}`];
}

/** Functions that no state calls. */
const outside: string[] = functionKeys.filter((key) => !(taskKeys as string[]).includes(key));

/** A task's entry is of an execution that has called its function; several states may share one. */
function findActors(sent: Line[], { executions }: Evidence): string[] {
  const called = new Map([...executions].map(([arn, history]) => [arn, functionsOf(history)]));
  return sent.flatMap(({ call, state, function: name, executionArn = '' }) => {
    const functions = called.get(executionArn);
    // "reconcile" announces what stands on a database, whatever run left it there.
    if (!functions && !state && outside.includes(name ?? '')) return [];
    if (!functions) return [`the entry of ${call} names no execution`];
    const acts = state ? functions.has(asKey(state)) : outside.includes(name ?? '');
    return acts ? [] : [`the entry of ${call} is of "${state ?? name}", which did not act`];
  });
}

function functionsOf(history: Evidence['history']): Set<string | undefined> {
  const called = history.map((event) => {
    const { FunctionName } = parametersOf(event) as { FunctionName?: string };
    return FunctionName?.replace(/:\d+$/, '').split(/[:-]/).at(-1);
  });
  return new Set(called);
}

/** "Start switchover" is the task of `startSwitchover`. */
const asKey = (state: string): string =>
  state.toLowerCase().replace(/ (.)/g, (_, letter: string) => letter.toUpperCase());

/** An entry names what it is about, and by the id that the call touched. */
function compareResource({ call, resource, resourceId, requestId }: Line, { mutations }: Evidence): string[] {
  if (!resource)
    return /^SendTask(Success|Failure)$/.test(call) ? [] : [`the entry of ${call} names nothing`];
  const mutation = mutations.find((one) => one.requestId === requestId);
  const input = JSON.stringify(mutation?.input);
  return [
    ...valuesOf(resource)
      .filter((value) => input && !input.includes(value))
      .map((value) => `the entry of ${call} names ${value}`),
    ...(mutation && resourceId && !mutation.touched.some((one) => one.resourceId === resourceId)
      ? [`the entry of ${call} is about ${resourceId}, which it did not touch`]
      : []),
  ];
}
