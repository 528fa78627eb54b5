import { insist, readBothPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { limits } from '../../domain/model/limits.ts';
import { comparisonOf } from '../../domain/way-back/comparison.ts';
import type { CompareProgress } from '../../domain/way-back/facts.ts';
import type { Loss } from '../../domain/way-back/loss.ts';
import { clock } from '../../runtime/clock.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WayBackEvent {
  /** The last answer; empty before the first. */
  progress: CompareProgress | null;
  /** What was stated and accepted before: databases that have not received everything are not compared. */
  loss: Loss | null;
}

/** So long one invocation goes on asking. Milliseconds. */
const patience = 1_000 * limits.patience.compare;

/**
 * Compares the tables of both sides, which stand still, a piece at a time. After a difference nothing is proved any more, and
 * nobody writes meanwhile: what is not compared by the end of the invocation is not compared.
 */
export const handler = task('Compare both sides', async (event: Event): Promise<CompareProgress> => {
  const { loss } = event;
  const by = comparisonOf(event);
  const behind = loss?.behind.map(({ database }) => database) ?? [];
  const databases = event.wayBack.databases.filter((name) => !behind.includes(name));
  if (by === 'none' || databases.length === 0) return { tables: 0, differing: 0, examples: [], done: true };
  const sides = await readBothPlaces(event);
  const question = { ...questionOf(event), databases, ...sides, by, withinSeconds: limits.step.compare };
  const until = clock.now() + patience;
  let progress = event.progress ?? undefined;
  do {
    progress = await insist('compare', { ...question, ...(progress && { progress }) });
  } while (!progress.done && clock.now() < until);
  return progress;
});
