import type { Precondition } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** One run for a database: the tag on the database names the run that owns it. */
export const runLock: Precondition = {
  id: 'run-lock',
  engines: 'all',
  looksAt: 'The tag `viridian:execution` of the database, and whether the run that it names is still open.',
  check: ({ database, executionArn, lock }) =>
    whenRead(lock, `the tag viridian:execution of ${database.id}, or the run that it names,`, (owner) =>
      owner?.open && owner.executionArn !== executionArn
        ? [
            blocker(
              `${database.id} belongs to the run ${owner.executionArn}, which is still open. Wait for its end, or stop it first.`,
            ),
          ]
        : [],
    ),
};
