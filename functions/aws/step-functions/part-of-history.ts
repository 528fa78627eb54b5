import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import { stepFunctions } from '../clients/sfn.ts';

/** A history as far as a person needs it: its beginning and its newest part. */
export interface PartOfHistory {
  /** Oldest first. */
  events: HistoryEvent[];
  /** Events between the two parts, which were not read. */
  leftOut: number;
}

/** Events of one call (`GetExecutionHistory`, at most 1,000). */
const atOnce = 1_000;

/** Calls for the newest part, and for the beginning. A run has some hundred events and about 40 an hour of waiting. */
const newestCalls = 2;
const oldestCalls = 1;

/**
 * Reads a history from both ends, in three calls at most: up to 25,000 events may be there, and a page that refreshes itself may not read
 * them all. An event has its number, so that the gap is known.
 */
export async function readPartOfHistory(
  executionArn: string,
  { calls = { newest: newestCalls, oldest: oldestCalls }, size = atOnce } = {},
): Promise<PartOfHistory> {
  const newest = (await readCalls(executionArn, { reverseOrder: true, calls: calls.newest, size })).reverse();
  const { id: first = 1 } = newest[0] ?? {};
  if (first <= 1) return { events: newest, leftOut: 0 };
  const oldest = (await readCalls(executionArn, { reverseOrder: false, calls: calls.oldest, size })).filter(
    ({ id = 0 }) => id < first,
  );
  return { events: [...oldest, ...newest], leftOut: first - 1 - (oldest.at(-1)?.id ?? 0) };
}

async function readCalls(
  executionArn: string,
  { reverseOrder, calls, size }: { reverseOrder: boolean; calls: number; size: number },
): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  for (let call = 0; call < calls; call += 1) {
    const page = await stepFunctions().send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder, maxResults: size, nextToken }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
    if (!nextToken) break;
  }
  return events;
}
