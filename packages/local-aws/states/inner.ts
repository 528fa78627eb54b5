import { Cancellation } from './cancellation.ts';
import type { Json } from './json.ts';
import type { Lane } from './running-lane.ts';
import type { Visit } from './visit.ts';

/**
 * Runs the lanes inside a Parallel or a Map, at most `limit` at a time; those that have ended before a redrive are
 * not run again. The first error calls the others off and is thrown when they have stopped.
 */
export async function runInner(
  visit: Visit,
  lanes: readonly Lane[],
  limit: number,
  runOne: (lane: Lane, cancellation: Cancellation) => Promise<void>,
): Promise<Json[]> {
  const cancellation = new Cancellation(visit.cancellation);
  const waiting = lanes.filter((lane) => lane.result === undefined);
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      try {
        await runOne(lane, cancellation);
      } catch (error) {
        errors.push(error);
        waiting.length = 0;
        cancellation.cancel();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, waiting.length) }, work));
  visit.lane.lastEvent = Math.max(visit.lane.lastEvent, ...lanes.map((lane) => lane.lastEvent));
  if (errors.length > 0) throw errors[0];
  return lanes.map((lane) => lane.result?.output ?? null);
}
