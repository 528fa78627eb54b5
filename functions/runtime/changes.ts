import { currentActor } from './actor.ts';
import { log } from './log.ts';

/** A call that changes something. */
export interface Change {
  /** Name of the AWS operation; `SQL` and the question, for what is done in a database. */
  call: string;
  /** What it names: `member=value`, with a space between two. Ids, names and addresses only. */
  resource?: string;
  /** The lines of one call have the same. */
  id: string;
}

/** How a call ended. `unknown`: no answer, or one that does not say whether it was done. */
export interface Ending {
  outcome: 'accepted' | 'refused' | 'unknown';
  /** Name of the error. */
  error?: string;
  /** Of AWS's answer, by which CloudTrail has the same call. */
  requestId?: string;
  /** What AWS answered about, by the id that no rename changes. */
  resourceId?: string;
}

/**
 * Makes a call that changes something, between two lines of the log. The first is written before the call is sent: what a function did
 * that died in it is recorded all the same, without an outcome.
 * @param judge of the answer; `failed` of what was thrown, which is thrown on
 */
export async function recordChange<Answer>(
  change: Change,
  send: () => Promise<Answer>,
  judge: { answered: (answer: Answer) => Ending; failed: (error: unknown) => Ending },
): Promise<Answer> {
  const who = { ...change, ...currentActor() };
  log('change.sent', who);
  const end = ({ outcome, ...facts }: Ending) => log(`change.${outcome}`, { ...who, ...facts });
  try {
    const answer = await send();
    end(judge.answered(answer));
    return answer;
  } catch (error) {
    end(judge.failed(error));
    throw error;
  }
}
