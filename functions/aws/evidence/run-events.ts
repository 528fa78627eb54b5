import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { RunEvent } from '../../domain/evidence/from-history.ts';
import { payloadOf } from '../step-functions/history-payload.ts';
import { readHistoryBackwards } from '../step-functions/tokens.ts';

/** The history of an execution from its beginning (`GetExecutionHistory`), with the state of each answer. */
export async function readRunEvents(executionArn: string): Promise<RunEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const event of readHistoryBackwards(executionArn)) events.push(event);
  const stateOf = new Map<number, string>();
  return events.reverse().map((event) => {
    const { id = 0, previousEventId = 0, timestamp } = event;
    const entered = event.stateEnteredEventDetails?.name;
    const state = entered ?? stateOf.get(previousEventId) ?? '';
    stateOf.set(id, state);
    const { output } = event.taskSucceededEventDetails ?? {};
    return {
      at: timestamp?.getTime() ?? 0,
      ...(entered !== undefined && { entered }),
      ...(output !== undefined && state !== '' && { answered: { state, payload: payloadOf(output) } }),
    };
  });
}
