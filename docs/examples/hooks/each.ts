/** Acts on all of them side by side; the first failure counts, once every one was tried. */
export async function onEach<T>(names: string[], act: (name: string) => Promise<T>): Promise<T[]> {
  const done = await Promise.allSettled(names.map(act));
  const failed = done.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Waits for everything that was begun; all failures are told together. */
export async function allDone(begun: Promise<void>[]): Promise<void> {
  const done = await Promise.allSettled(begun);
  const failures = done.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
  if (failures.length > 0) throw new Error(failures.join('; '));
}
