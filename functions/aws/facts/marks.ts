import type { MarkRequest, MarkResult, ToMark } from '../../domain/close/mark.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { answerIn, limits } from '../../domain/model/limits.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { env } from '../../runtime/env.ts';
import { secondsLeft } from '../../runtime/time-left.ts';
import { classifyError, turnedAway } from '../errors.ts';
import { invokeFunction } from '../lambda.ts';

/**
 * Asks for the tags without which IAM lets nobody delete: whoever deletes may not put them on. The function that does proves by itself
 * that nothing of it is production.
 */
export async function askForMarks(databases: ToMark[], executionArn: string): Promise<void> {
  const request: MarkRequest = { executionArn, databases };
  const result = await ask(request);
  if (result.kind === 'turned-away')
    throw turnedAway('calls of the function that marks databases', result.because);
  if (result.kind === 'refused')
    throw new CleanupIncomplete(`${result.because}; nothing was marked or deleted`);
}

/** Tags may be put on twice, so no answer is no harm. */
async function ask(request: MarkRequest): Promise<MarkResult> {
  try {
    const seconds = answerIn(limits.answer.mark, secondsLeft());
    return (await invokeFunction(env('MARK_DATABASES_FUNCTION'), request, seconds)) as MarkResult;
  } catch (error) {
    if (classifyError(error) !== 'foreign') throw error;
    const seen = `the function that marks databases failed (${(error as Error).message})`;
    throw new Busy(notYet(seen, 'its log says why: markDatabases'), { cause: error });
  }
}
