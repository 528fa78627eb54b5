import { Busy } from '../domain/model/errors.ts';
import { notYet } from '../domain/model/not-yet.ts';
import { type Reading, read, unreadable } from '../domain/model/reading.ts';
import { classifyError, isThrottle } from './errors.ts';

/**
 * A reading that may fail: a missing permission makes it unreadable, which no rule takes for a good value. A busy or unreachable
 * AWS is thrown on, since the whole task may be repeated.
 */
export async function attempt<Value>(reading: Promise<Value>): Promise<Reading<Value>> {
  try {
    return read(await reading);
  } catch (error) {
    const kind = classifyError(error);
    if (kind === 'busy' || kind === 'lost' || kind === 'foreign') throw error;
    return unreadable(`${(error as Error).name}: ${(error as Error).message}`);
  }
}

/** The value, or why it could not be read. A throttle says nothing of what is read, and is thrown on: the task asks again. */
export async function orUnreadable<Value>(reading: Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await reading };
  } catch (error) {
    if (isThrottle(error)) throw error;
    return unreadable(`${(error as Error).name}: ${(error as Error).message}`);
  }
}

/**
 * Acts on what is to be deleted. What RDS does not find any more was deleted by an earlier attempt and listed by an old reading:
 * that is Busy, and the next attempt reads again.
 */
export async function goneIsBusy<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (classifyError(error) !== 'missing') throw error;
    const seen = `something to be deleted is gone already (${(error as Error).message})`;
    throw new Busy(notYet(seen, 'look in the console of RDS which of them are left, and delete those'), {
      cause: error,
    });
  }
}

/** What becomes of readings that were begun: each by its name, without those that were not to be made. */
type Answers<Readings> = {
  [Name in keyof Readings as undefined extends Readings[Name] ? never : Name]: Awaited<Readings[Name]>;
} & {
  [Name in keyof Readings as undefined extends Readings[Name] ? Name : never]?: Awaited<
    Exclude<Readings[Name], undefined>
  >;
};

/** Waits for readings that do not depend on each other. The first that fails fails all. `undefined` stands for one that is not to be made. */
export async function sideBySide<Readings extends Record<string, Promise<unknown> | undefined>>(
  readings: Readings,
): Promise<Answers<Readings>> {
  const begun = Object.entries(readings).filter(([, reading]) => reading !== undefined);
  const answers = await Promise.all(begun.map(async ([name, reading]) => [name, await reading]));
  return Object.fromEntries(answers);
}
