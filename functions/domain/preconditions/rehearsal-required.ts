import { findChangesSince, productionOf, type Rehearsed } from '../on-copy/rehearsal.ts';
import type { Precondition, PreconditionFacts } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

const day = 86_400_000;

/** A request may demand that its change was tried on a copy lately, and that the database is still like it. */
export const rehearsalRequired: Precondition = {
  id: 'rehearsal-required',
  engines: 'all',
  looksAt:
    'Whether the rehearsal on a copy that `rehearsal.required` demands went through, is new enough, and was of a database like this one.',
  check: (facts) => {
    const { rehearsal } = facts.request;
    if (!rehearsal?.required || facts.rehearsed === undefined) return [];
    return whenRead(facts.rehearsed, 'the rehearsals on copies', (rehearsed) => {
      const problem = findProblem(facts, rehearsal.notOlderThanDays, rehearsed);
      return problem
        ? [blocker(`${problem}. Rehearse it (docs/rehearsal-on-a-copy.md), or leave rehearsal.required out.`)]
        : [];
    });
  },
};

function findProblem(
  { request, database, blue, now }: PreconditionFacts,
  days: number,
  rehearsed: Rehearsed | null,
): string | undefined {
  if (!rehearsed) return `no rehearsal on a copy of ${database.id} has gone through`;
  if (now - Date.parse(rehearsed.at) > days * day)
    return `the last rehearsal on a copy of ${database.id} was at ${rehearsed.at}, more than ${days} days ago`;
  const changes = findChangesSince(rehearsed, productionOf(blue), request.target.engineVersion ?? null);
  return changes.length > 0 ? `${database.id} is not as it was rehearsed: ${changes.join('; ')}` : undefined;
}
