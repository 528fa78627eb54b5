import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

const engines = ['aurora-mysql', 'aurora-postgresql', 'mariadb', 'mysql', 'postgres'];

/** Blue/green deployments exist for five engines. */
export const engineSupported: Precondition = {
  id: 'engine-supported',
  check: ({ database }) =>
    engines.includes(database.engine)
      ? []
      : [
          blocker(
            `${database.id} runs ${database.engine}, for which RDS has no blue/green deployments. They exist for ${engines.join(', ')}.`,
          ),
        ],
};
