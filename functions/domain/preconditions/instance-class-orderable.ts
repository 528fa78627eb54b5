import type { Precondition } from './facts.ts';
import { blocker, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** An old class may not run a new version. */
export const instanceClassOrderable: Precondition = {
  id: 'instance-class-orderable',
  engines: 'all',
  looksAt: 'Whether the classes of green can be ordered for its version. Not for an adopted deployment.',
  how: 'DescribeOrderableDBInstanceOptions of each class',
  source: sources.api,
  check: ({ request, targetVersion, neighbours: { notOrderable } }) =>
    request.adopt
      ? []
      : whenRead(notOrderable, `the classes that version ${targetVersion} can be ordered with`, (classes) =>
          classes.map((name) =>
            blocker(
              `${name} cannot be ordered for version ${targetVersion} in this Region, so green cannot have it. Name another class in target.instanceClass or target.members, or change the class of blue before.`,
            ),
          ),
        ),
};
