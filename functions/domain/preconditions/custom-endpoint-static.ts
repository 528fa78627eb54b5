import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const customEndpointStatic: Precondition = {
  id: 'custom-endpoint-static',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt: 'Custom endpoints with a fixed list of members.',
  how: 'DescribeDBClusterEndpoints, StaticMembers and ExcludedMembers',
  source: sources.bestPractices,
  check: ({ neighbours: { staticEndpoints } }) =>
    whenRead(staticEndpoints, 'the custom endpoints of blue', (names) =>
      names.map((name) =>
        warning(
          `the custom endpoint ${name} has a fixed list of members, which may not fit those of green. Let it take all members, or look at it right after the switchover.`,
        ),
      ),
    ),
};
