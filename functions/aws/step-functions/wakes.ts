import { raisedElsewhere } from '../../domain/model/errors.ts';
import { readHistoryBackwards } from './tokens.ts';

/** Wake-ups of an execution since a moment (milliseconds since the epoch), and the number of its newest event. */
export async function readWakes(
  executionArn: string,
  since: number,
): Promise<{ wakes: number; events: number }> {
  let wakes = 0;
  let events = 0;
  for await (const { id = 0, timestamp, taskFailedEventDetails } of readHistoryBackwards(executionArn)) {
    events = Math.max(events, id);
    if ((timestamp?.getTime() ?? since) < since) break;
    if (taskFailedEventDetails?.error === raisedElsewhere.woken) wakes += 1;
  }
  return { wakes, events };
}
