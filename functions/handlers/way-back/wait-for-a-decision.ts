import { findGoingBack } from '../../aws/facts/roll-backs.ts';
import type { WaitingWayBackEvent } from '../../databases/question.ts';
import { placesToWatch, type Watched, watchWayBack } from '../../databases/watch.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Ready when somebody has started going back, or when the stream no longer allows it. Meanwhile it is kept open. */
export const handler = wait(
  'Wait for a decision',
  async (event: WaitingWayBackEvent): Promise<Look<Watched>> => {
    const places = placesToWatch(event);
    const goingBack = await findGoingBack(event.deployment, event.executionArn);
    if (goingBack) return { kind: 'ready', facts: { goingBack } };
    const watched = await watchWayBack(event, places);
    return watched
      ? { kind: 'ready', facts: watched }
      : notYet('nobody has decided; the way back is whole', null);
  },
);
