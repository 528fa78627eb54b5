import type { Precondition, PreconditionFacts } from './facts.ts';
import { blocker } from './finding.ts';

/** A stack may be held to some databases, by name or by tag: `databases` of the deployment. IAM refuses the others as well. */
export const databaseAllowed: Precondition = {
  id: 'database-allowed',
  engines: 'all',
  looksAt: 'Whether the stack may change this database: its parameter `databases`.',
  check: (facts) =>
    isAllowed(facts)
      ? []
      : [
          blocker(
            `this stack may not change ${facts.database.id}: it is held to ${describe(facts.allowedDatabases)}. ${fixFor(facts)}`,
          ),
        ],
};

const tagOf = (choice: string) => /^tag:([^=]+)=(.*)$/.exec(choice);

function isAllowed({ allowedDatabases, database, tags, request }: PreconditionFacts): boolean {
  // Whether it is a copy is the question of another rule.
  if (allowedDatabases === 'all' || request.copy) return true;
  const [, key, value] = tagOf(allowedDatabases) ?? [];
  return key === undefined ? allowedDatabases.split(',').includes(database.id) : tags[key] === value;
}

function describe(choice: string): string {
  const [, key, value] = tagOf(choice) ?? [];
  return key === undefined ? choice.split(',').join(', ') : `databases with the tag ${key}=${value}`;
}

function fixFor({ allowedDatabases, database }: PreconditionFacts): string {
  const [, key, value] = tagOf(allowedDatabases) ?? [];
  return key === undefined
    ? `Deploy the stack with --param="databases=${allowedDatabases},${database.id}", or name another database.`
    : `Give ${database.id} the tag ${key}=${value}, or name another database.`;
}
