import { askDatabase, readBothPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { CompareProgress } from '../../domain/way-back/facts.ts';
import { type AcceptedLoss, findExceeding, type Loss, stateLoss } from '../../domain/way-back/loss.ts';
import { clock } from '../../runtime/clock.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WayBackEvent {
  /** Where the log of new production stood at the fence. */
  positions: Record<string, string>;
  /** Null: nothing was compared. */
  progress: CompareProgress | null;
  accepted: AcceptedLoss | null;
}

/** What would be lost, and why that goes beyond what was accepted; empty when it does not. */
interface Stated {
  loss: Loss;
  exceeding: string[];
}

/** Reads behind the fence what blue has not, as far as it can be read, and compares it with what a person has accepted. */
export const handler = task('State the loss', async (event: Event): Promise<Stated> => {
  const { positions, progress, accepted, wayBack } = event;
  const question = questionOf(event);
  const sides = await readBothPlaces(event);
  const { databases: _all, ...one } = question;
  const drained = await askDatabase('drained', {
    ...one,
    ...sides.production,
    target: sides.target,
    positions,
  });
  const streams = await askDatabase('read-streams', { ...question, ...sides });
  const loss = stateLoss({
    databases: wayBack.databases,
    drained: drained.kind === 'answer' ? drained.facts.databases : null,
    streams: streams.kind === 'answer' ? streams.facts.streams : null,
    progress,
    now: clock.now(),
  });
  return { loss, exceeding: findExceeding(loss, accepted?.loss) };
});
