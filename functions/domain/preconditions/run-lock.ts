import { readExecutionArn } from '../model/execution-arn.ts';
import { executionTag } from '../model/tags.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** One run for a database: the tag on the database names the run that owns it. */
export const runLock: Precondition = {
  id: 'run-lock',
  engines: 'all',
  looksAt: 'The tag `viridian:execution` of the database, and whether the run that it names is still open.',
  check: (facts) =>
    whenRead(
      facts.lock,
      `the tag ${executionTag} of ${facts.database.id}, or the run that it names,`,
      (owner) => (owner && owner.executionArn !== facts.executionArn ? judgeOwner(owner, facts) : []),
    ),
};

function judgeOwner(
  { executionArn, open }: { executionArn: string; open: boolean | null },
  { database }: PreconditionFacts,
): RuleFinding[] {
  if (open === false) return [];
  if (open)
    return [
      blocker(
        `${database.id} belongs to the run ${executionArn}, which is still open. Wait for its end, or stop it first.`,
      ),
    ];
  const free = `aws rds remove-tags-from-resource --resource-name ${database.arn} --tag-keys ${executionTag}`;
  const of = readExecutionArn(executionArn);
  return [
    blocker(
      of
        ? `${database.id} belongs to the run ${executionArn} of ${of.machine} in the account ${of.account}, which this stack cannot look at. Ask there whether it is over, then free the database: ${free}.`
        : `${database.id} has the tag ${executionTag} with "${executionArn}", which is no run. Ask its team who put it on; once nobody needs it, free the database: ${free}.`,
    ),
  ];
}
