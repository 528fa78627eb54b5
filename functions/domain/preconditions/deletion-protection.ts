import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';

/** Green inherits deletion protection. Nobody should be surprised that the run switches it off there. */
export const deletionProtection: Precondition = {
  id: 'deletion-protection',
  engines: 'all',
  looksAt: 'Whether blue is protected against deletion.',
  check: ({ blue, request }) =>
    blue.deletionProtection
      ? [
          warning(
            `${blue.id} is protected against deletion, and green inherits that. If the run stops before the switchover it takes the protection off green, never off blue, to remove green${
              request.oldBlue.deleteAfterDays === undefined
                ? ''
                : '; after the switchover it takes it off old blue before it deletes old blue'
            }.`,
          ),
        ]
      : [],
};
