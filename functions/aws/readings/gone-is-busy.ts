import { Busy } from '../../domain/model/errors.ts';
import { classifyError } from '../errors.ts';

/**
 * Acts on what is to be deleted. What RDS does not find any more was deleted by an earlier attempt and listed by an old reading:
 * that is Busy, and the next attempt reads again.
 */
export async function goneIsBusy<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (classifyError(error) !== 'missing') throw error;
    throw new Busy(`something to be deleted is gone already (${(error as Error).message})`, { cause: error });
  }
}
