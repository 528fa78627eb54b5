import { AsyncLocalStorage } from 'node:async_hooks';

const ends = new AsyncLocalStorage<() => number>();

/** Runs the work of an invocation, which Lambda ends when its time is over. @param context of Lambda, where there is one */
export function withTimeLeft<Result>(context: unknown, work: () => Promise<Result>): Promise<Result> {
  const { getRemainingTimeInMillis } = (context ?? {}) as { getRemainingTimeInMillis?: unknown };
  if (typeof getRemainingTimeInMillis !== 'function') return work();
  return ends.run(() => Number(getRemainingTimeInMillis.call(context)), work);
}

/** Seconds until Lambda ends this invocation; undefined outside {@link withTimeLeft}. */
export function secondsLeft(): number | undefined {
  const left = ends.getStore();
  return left && left() / 1_000;
}
