import type { RunEvent } from '../../domain/evidence/from-history.ts';
import { parseObject, payloadOf } from '../step-functions/history-payload.ts';
import { readHistory, withStates } from '../step-functions/run-history.ts';

/** What a record is made of, from the history of an execution. A waiting state answers its token with the facts alone. */
export async function readRunEvents(executionArn: string): Promise<RunEvent[]> {
  return [...withStates(await readHistory(executionArn))].map(({ event, state }) => {
    const { output } = event.taskSucceededEventDetails ?? {};
    return {
      at: event.timestamp?.getTime() ?? 0,
      ...(event.stateEnteredEventDetails && { entered: state }),
      ...(output !== undefined && { answered: { state, payload: payloadOf(output) ?? parseObject(output) } }),
    };
  });
}
