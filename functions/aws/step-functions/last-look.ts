import { withLastLook } from '../../domain/model/failure.ts';
import type { StateName } from '../../domain/model/states.ts';
import { parseObject, payloadOf } from './history-payload.ts';
import { readHistoryBackwards } from './tokens.ts';

/** So many events back: what follows a wait that has ended is short, or a removal that looks for hours. */
const farthestBack = 2_000;

/**
 * What is said of a wait that came to its deadline, with what it saw last: the machine knows the deadline, and the history the reason.
 * Without the history it is said as it is.
 * @param late the wait; undefined where it is no deadline that is spoken of
 */
export async function explainLate(
  executionArn: string,
  late: StateName | undefined,
  said: string,
): Promise<string> {
  if (!late) return said;
  return withLastLook(said, await readLastLook(executionArn, late).catch(() => undefined));
}

/**
 * Why the newest look of a waiting state was no yes, as its function answered; undefined when no look of it answered. A look
 * names the one before it by its number: scheduled, started, submitted.
 */
export async function readLastLook(executionArn: string, state: StateName): Promise<string | undefined> {
  const answers = new Map<number, string>();
  let seen = 0;
  for await (const event of readHistoryBackwards(executionArn)) {
    const { id = 0, previousEventId = 0, type } = event;
    seen += 1;
    if (seen > farthestBack) return undefined;
    const answer = answers.get(id);
    if (type === 'TaskSubmitted') {
      const { because } = parseObject(parseObject(event.taskSubmittedEventDetails?.output)?.Payload) ?? {};
      if (typeof because === 'string') answers.set(previousEventId, because);
    } else if (type === 'TaskStarted' && answer !== undefined) answers.set(previousEventId, answer);
    else if (type === 'TaskScheduled' && answer !== undefined)
      if (payloadOf(event.taskScheduledEventDetails?.parameters)?.state === state) return answer;
  }
  return undefined;
}
