import { TestFailed } from '../domain/errors.ts';
import type { CompareProgress } from '../domain/way-back-facts.ts';
import { judgeComparison } from '../domain/way-back-proof.ts';
import { clock } from '../runtime/clock.ts';
import { insist, readBothPlaces } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

interface Event extends WayBackEvent {
  /** The last answer; empty before the first. */
  progress: CompareProgress | null;
}

/** Seconds of one question. */
const withinSeconds = 1;
/** So long one invocation goes on asking: few invocations keep the history short. Milliseconds. */
const patience = 25_000;

/** Compares the tables of both sides, which stand still, a piece at a time. A difference ends it. */
export const handler = task('Compare both sides', async (event: Event): Promise<CompareProgress> => {
  const { request, deployment } = event;
  const by = request.wayBack.compare;
  if (by === 'none') return { tables: 0, differing: 0, examples: [], done: true };
  const question = { ...questionOf(event), ...(await readBothPlaces(deployment)), by, withinSeconds };
  const until = clock.now() + patience;
  let progress = event.progress ?? undefined;
  do {
    progress = await insist('compare', { ...question, ...(progress && { progress }) });
    const verdict = judgeComparison(progress);
    if (verdict.kind === 'no') throw new TestFailed(verdict.because);
  } while (!progress.done && clock.now() < until);
  return progress;
});
