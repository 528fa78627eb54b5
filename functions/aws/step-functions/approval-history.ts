import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { readDecision } from '../../domain/approval/decision.ts';
import type { ApprovalRecord, Asked, Looked, OpenQuestion } from '../../domain/approval/question.ts';
import { readWrongPhrase } from '../../domain/approval/wrong-phrases.ts';
import { raisedElsewhere } from '../../domain/model/errors.ts';
import type { StateName } from '../../domain/model/states.ts';
import { parseObject, payloadOf } from './history-payload.ts';
import { readHistoryBackwards } from './tokens.ts';

/** The question lies at most this far back: days of waiting at 8 events a look, and a bake after it. */
const farthestBack = 5_000;

/** What the history says about the question of a group; nothing for a run that does not exist. */
export async function readApprovalRecord(
  executionArn: string,
  group: string,
): Promise<ApprovalRecord | undefined> {
  try {
    return await collect(readHistoryBackwards(executionArn), group);
  } catch (error) {
    if (error instanceof Error && /^(ExecutionDoesNotExist|InvalidArn)$/.test(error.name)) return undefined;
    throw error;
  }
}

/**
 * Reads back to the first message of the question, and on to where all groups began, since another may have decided before: what lies
 * before belongs to no question, or to an earlier one.
 */
export async function collect(
  backwards: AsyncIterable<HistoryEvent>,
  group: string,
): Promise<ApprovalRecord> {
  const record: ApprovalRecord = { looks: [], others: [], wrongPhrases: [], closed: false, ended: false };
  let seen = 0;
  let redriven = false;
  for await (const event of backwards) {
    seen += 1;
    redriven ||= event.type === 'ExecutionRedriven';
    if (!redriven) noteEnd(record, event.type ?? '');
    note(record, event, group);
    if ((record.asked && event.type === 'MapStateStarted') || seen >= farthestBack) break;
  }
  return record;
}

/** Not called for what lies before a redrive: that end was undone. */
function noteEnd(record: ApprovalRecord, type: string): void {
  if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)) record.ended = true;
  if (record.ended || /^MapState(Succeeded|Failed|Aborted)$/.test(type)) record.closed = true;
}

function note(record: ApprovalRecord, event: HistoryEvent, group: string): void {
  const type = event.type ?? '';
  if (type === 'TaskSucceeded') noteResult(record, event, group);
  if (record.asked) return;
  if (type === 'TaskSubmitted') noteLook(record, event, group);
  if (type === 'TaskScheduled') noteWait(record, event, group);
  if (type === 'TaskFailed') noteFailure(record, event);
}

function noteFailure(record: ApprovalRecord, { taskFailedEventDetails, timestamp }: HistoryEvent): void {
  const { error, cause = '' } = taskFailedEventDetails ?? {};
  if (error === raisedElsewhere.stopRequested)
    record.stop ??= { because: cause, at: timestamp?.toISOString() ?? '' };
  const link = error === raisedElsewhere.woken ? readWrongPhrase(cause) : undefined;
  if (link) record.wrongPhrases.push({ link, at: timestamp?.getTime() ?? 0 });
}

function noteResult(record: ApprovalRecord, event: HistoryEvent, group: string): void {
  const output = parseObject(event.taskSucceededEventDetails?.output);
  const decision = readDecision(output);
  if (decision?.group === group) record.decision ??= decision;
  else if (decision && !record.others.some((other) => other.group === decision.group))
    record.others.push(decision);
  const asked = output?.Payload as Asked | undefined;
  if (asked?.kind === 'asked' && asked.occasion === 'ask' && asked.group === group) record.asked ??= asked;
}

function noteLook(record: ApprovalRecord, event: HistoryEvent, group: string): void {
  const look = payloadOf(event.taskSubmittedEventDetails?.output) as Looked | undefined;
  if (look?.kind === 'looked' && look.group === group) record.looks.push(look);
}

function noteWait(record: ApprovalRecord, event: HistoryEvent, group: string): void {
  if (record.question) return;
  const payload = payloadOf(event.taskScheduledEventDetails?.parameters) as
    | (OpenQuestion & { state?: StateName; kind?: string; group?: string })
    | undefined;
  if (payload?.state) record.newestWait ??= { state: payload.state, parameters: { ...payload } };
  if (payload?.kind === 'approval' && payload.group === group) record.question = payload;
}
