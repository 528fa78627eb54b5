import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { StateName } from '../../domain/model/states.ts';
import { parseObject, payloadOf } from './history-payload.ts';
import { readHistoryBackwards } from './tokens.ts';

/** A task token that waits for an answer, as the execution history shows it. */
export interface OpenToken {
  token: string;
  /** The waiting state. */
  state: StateName;
  kind: 'wait' | 'approval';
  group: string | null;
  /** When this attempt of the state began, in milliseconds since the epoch. */
  scheduledAt: number;
  /** The whole payload that the waiting state gave to its function. */
  parameters: Record<string, unknown>;
  /** What the last look of this attempt returned; `undefined` while it is still looking. */
  answer: unknown;
}

export interface TokenQuery {
  executionArn: string;
  kind: 'wait' | 'approval';
  /** Approvals only: the group that was asked. */
  group?: string;
}

/** The newest open token of this kind, and of this group when one is named. No token is stored anywhere but here. */
export async function findOpenToken({
  executionArn,
  kind,
  group,
}: TokenQuery): Promise<OpenToken | undefined> {
  for await (const token of openTokens(readHistoryBackwards(executionArn)))
    if (token.kind === kind && (group === undefined || token.group === group)) return token;
  return undefined;
}

/** Every open token of an execution: several while the groups of an approval are asked at the same time. */
export async function findOpenTokens(executionArn: string): Promise<OpenToken[]> {
  const found: OpenToken[] = [];
  for await (const token of openTokens(readHistoryBackwards(executionArn))) found.push(token);
  return found;
}

/**
 * How far back an open token can be. A tick lasts 30 min at most and the ticks of ten groups grow alike: about 160 events
 * with every group's reminder and some retries. What is further back than this has been closed.
 */
const farthestBack = 1_000;

/**
 * Finds open tokens in a history that is read backwards. An attempt is Scheduled, Started, Submitted, each naming the one
 * before it; it is open as long as nothing else follows. Attempts of a Map run side by side, so the links
 * are followed and not the order. A Map that ended takes its attempts with it, whether or not they say so.
 */
export async function* openTokens(backwards: AsyncIterable<HistoryEvent>): AsyncGenerator<OpenToken> {
  const continued = new Set<number>();
  const submitted = new Map<number, unknown>();
  let mapsEnded = 0;
  let seen = 0;
  for await (const event of backwards) {
    const { id = 0, previousEventId = 0, type = '' } = event;
    seen += 1;
    if (seen > farthestBack || /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)) return;
    if (/^MapState(Succeeded|Failed|Aborted)$/.test(type)) mapsEnded += 1;
    if (type === 'MapStateEntered' && mapsEnded > 0) mapsEnded -= 1;
    if (type === 'TaskStarted' || type === 'TaskSubmitted') {
      if (continued.has(id)) continued.add(previousEventId);
      else submitted.set(previousEventId, submitted.get(id) ?? answerOf(event));
      continue;
    }
    continued.add(previousEventId);
    if (type !== 'TaskScheduled' || continued.has(id) || mapsEnded > 0) continue;
    const token = readToken(event, submitted.get(id));
    if (token) yield token;
  }
}

function readToken(event: HistoryEvent, answer: unknown): OpenToken | undefined {
  const details = event.taskScheduledEventDetails;
  if (details?.resource !== 'invoke.waitForTaskToken') return undefined;
  const payload = payloadOf(details.parameters);
  const { token, state, kind, group = null } = payload ?? {};
  if (typeof token !== 'string' || typeof state !== 'string') return undefined;
  if (kind !== 'wait' && kind !== 'approval') return undefined;
  if (group !== null && typeof group !== 'string') return undefined;
  return {
    token,
    state: state as StateName,
    kind,
    group,
    scheduledAt: event.timestamp?.getTime() ?? 0,
    parameters: payload ?? {},
    answer,
  };
}

function answerOf(event: HistoryEvent): unknown {
  return parseObject(event.taskSubmittedEventDetails?.output)?.Payload;
}
