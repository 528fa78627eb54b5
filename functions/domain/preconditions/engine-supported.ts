import { engines, findEngine } from '../model/engine.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Blue/green deployments exist for five engines. */
export const engineSupported: Precondition = {
  id: 'engine-supported',
  engines: 'all',
  looksAt: 'The engine of the database.',
  check: ({ database }) =>
    findEngine(database.engine)
      ? []
      : [
          blocker(
            `${database.id} runs ${database.engine}, for which RDS has no blue/green deployments. They exist for ${Object.keys(engines).join(', ')}.`,
          ),
        ],
};
