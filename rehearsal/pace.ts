import { setTimeout as pause } from 'node:timers/promises';
import type { ScaledClock } from '../packages/local-aws/clock.ts';
import { type Database, ownerConnection, withSession } from '../packages/local-aws/postgres/database.ts';

/** Ticks, timeouts and metric periods go so many times faster than on AWS, on a machine that answers promptly. Nothing else differs. */
export const fullScale = 30;
/** The slowest pace: a rehearsal of half a minute then takes about three. */
const leastScale = 5;
/**
 * Real milliseconds of a sign-in and a query. A look around the cut asks for some ten of them within one tick, which is 15 s of the run's time and
 * half a real second at full scale.
 */
const promptMs = 40;
const probes = 15;
const probeEveryMs = 500;

/**
 * How much faster than real time a run may go here. Databases answer in real time however fast the clock is: on a machine that is slow, or busy with
 * something else, functions would time out that never do on AWS, and a rehearsal would tell of the machine.
 */
export async function measurePace(database: Database): Promise<number> {
  const took: number[] = [];
  while (took.length < probes) took.push(await probe(database));
  return paceFor(took);
}

/**
 * Slows the clock down when the machine becomes slower in the course of a run, and never lets it go faster again. Rejects when it is aborted, or
 * when the database is gone.
 */
export async function followPace(
  database: Database,
  clock: ScaledClock,
  signal: AbortSignal,
): Promise<never> {
  const took: number[] = [];
  for (;;) {
    await pause(probeEveryMs, undefined, { signal });
    took.push(await probe(database));
    if (took.length <= probes) continue;
    took.shift();
    clock.slowDown(Math.min(clock.scale, paceFor(took)));
  }
}

async function probe({ server }: Database): Promise<number> {
  const since = performance.now();
  await withSession(ownerConnection(server, 'postgres'), (session) => session.query('SELECT 1'));
  return performance.now() - since;
}

/** The pace for the given times of a sign-in and a query, in milliseconds: by their median, since the first is often an exception. */
export function paceFor(took: number[]): number {
  const median = took.toSorted((a, b) => a - b)[took.length >> 1] ?? 0;
  return Math.max(leastScale, Math.round(fullScale * Math.min(1, promptMs / median)));
}
