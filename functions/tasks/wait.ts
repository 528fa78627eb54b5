import { translateError } from '../aws/errors.ts';
import { answerToken } from '../aws/step-functions/tokens.ts';
import type { Verdict } from '../domain/model/deployment.ts';
import { Busy } from '../domain/model/errors.ts';
import { type NotYet, notYet } from '../domain/model/not-yet.ts';
import type { StateName } from '../domain/model/states.ts';
import { log } from '../runtime/log.ts';
import { encodePayload } from '../runtime/payload.ts';
import { describeCall, type TaskEvent, type TaskHandler, task } from './task.ts';

/** What every waiting state gives to its look. `kind` and `group` are for those who search the token in the history. */
export interface WaitEvent extends TaskEvent {
  state: StateName;
  kind: 'wait' | 'approval';
  group: string | null;
  token: string;
}

/** What a look may say. A no is thrown, by the name that the state machine is to see. */
export type Look<Facts> = Exclude<Verdict<Facts>, { kind: 'no' }>;

/** What the state machine records of a look; nobody decides by it. */
export type LookAnswer = { kind: 'ready' } | NotYet;

/**
 * The handler of a waiting state: looks once. Ready: the token is answered with the facts, which become the state's
 * result. Not yet, or RDS too busy to say: the token stays open and the tick runs out. A token that was closed meanwhile is
 * normal: the tick or an event came first, and the next look sees the same facts.
 */
export function wait<Event extends WaitEvent, Facts>(
  state: StateName,
  look: (event: Event) => Promise<Look<Facts>>,
): TaskHandler<Event, LookAnswer> {
  return task<Event, LookAnswer>(state, async (event) => {
    const verdict = await look(event).catch(busyIsNotYet);
    const call = describeCall(state, event);
    if (verdict.kind === 'not-yet') {
      log('wait.not-yet', { ...call, because: verdict.because });
      return verdict;
    }
    const accepted = await answerToken(event.token, encodePayload(verdict.facts));
    log(accepted ? 'wait.ready' : 'wait.answer-came-too-late', call);
    return { kind: 'ready' };
  });
}

function busyIsNotYet(thrown: unknown): NotYet {
  const error = translateError(thrown);
  // What a person does about it stands in the message.
  if (error instanceof Busy) return notYet(error.message, null);
  throw error;
}
