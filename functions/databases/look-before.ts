import { namesTold } from '../domain/model/first-names.ts';
import { limits } from '../domain/model/limits.ts';
import { unreadable } from '../domain/model/reading.ts';
import { planOf } from '../domain/preconditions/by-sql/check.ts';
import type { PreconditionFacts, SqlReading } from '../domain/preconditions/facts.ts';
import { clock } from '../runtime/clock.ts';
import type { Input, Reply } from '../sql/contract.ts';
import { askDatabase, placeOf } from './ask.ts';
import { signInOf } from './question.ts';

/** Asks what {@link askDatabase} asks, by whatever way. */
type AskPreconditions = (input: Input<'preconditions'>) => Promise<Reply<'preconditions'>>;

/**
 * What the databases say to the checks by SQL. A failure is asked once more: it may have been a failover.
 * @param told so many names of what each check finds
 */
export async function lookBefore(
  facts: Omit<PreconditionFacts, 'sql'>,
  askThem: AskPreconditions = (input) => askDatabase('preconditions', input),
  told: number = namesTold,
): Promise<SqlReading> {
  const { request, blue, database, executionArn } = facts;
  if (!request.wayBack.login) return { notAsked: 'the request names no wayBack.login' };
  if (!blue.endpoint) return unreadable(`${blue.id} has no address; it is ${blue.status}`);
  const ask = () =>
    askThem({
      ...placeOf(blue, null),
      executionArn,
      ...signInOf(request, database),
      plan: planOf(facts),
      told,
    });
  let reply = await ask();
  if (reply.kind === 'failed') {
    await clock.sleep(1_000 * limits.patience.travel);
    reply = await ask();
  }
  return reply.kind === 'answer' ? { value: reply.facts } : unreadable(reply.because);
}
