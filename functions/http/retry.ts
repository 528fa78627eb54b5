import { clock } from '../runtime/clock.ts';

/** Between two attempts of a wait no token is open for a second or so; a slow history adds to that. */
const patienceMs = 10_000;
const pauseMs = 500;

/** Tries until there is a result, for 10 s. */
export async function tryForAWhile<Result>(
  attempt: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const result = await attempt();
    if (result !== undefined || clock.now() + pauseMs > deadline) return result;
    await clock.sleep(pauseMs);
  }
}
