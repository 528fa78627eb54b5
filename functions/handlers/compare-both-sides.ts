import { TestFailed } from '../domain/errors.ts';
import type { CompareProgress } from '../domain/way-back-facts.ts';
import { judgeComparison } from '../domain/way-back-proof.ts';
import { insist, readBothPlaces } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

interface Event extends WayBackEvent {
  /** The last answer; empty before the first. */
  progress: CompareProgress | null;
}

/** Seconds of one step: a call to a function waits for 10 s. */
const withinSeconds = 4;

/** Compares the tables of both sides, which stand still, a step at a time. A difference ends it. */
export const handler = task('Compare both sides', async (event: Event): Promise<CompareProgress> => {
  const { request, deployment, progress } = event;
  const by = request.wayBack.compare;
  if (by === 'none') return { tables: 0, differing: 0, examples: [], done: true };
  const answer = await insist('compare', {
    ...questionOf(event),
    ...(await readBothPlaces(deployment)),
    by,
    withinSeconds,
    ...(progress && { progress }),
  });
  const verdict = judgeComparison(answer);
  if (verdict.kind === 'no') throw new TestFailed(verdict.because);
  return answer;
});
