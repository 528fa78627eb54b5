import { type Reading, read, unreadable } from '../../domain/model/reading.ts';
import { classifyError } from '../errors.ts';

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
