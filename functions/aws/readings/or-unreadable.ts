import { type Reading, unreadable } from '../../domain/model/reading.ts';

/** The value, or why it could not be read, whatever the reason. */
export async function orUnreadable<Value>(reading: Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await reading };
  } catch (error) {
    return unreadable(`${(error as Error).name}: ${(error as Error).message}`);
  }
}
