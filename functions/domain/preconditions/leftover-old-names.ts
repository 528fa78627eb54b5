import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const leftoverOldNames: Precondition = {
  id: 'leftover-old-names',
  engines: 'all',
  looksAt: 'An old blue that an earlier deployment left.',
  how: 'DescribeDBInstances or DescribeDBClusters of NAME-old1',
  source: sources.switching,
  check: ({ neighbours: { oldNames } }) =>
    whenRead(oldNames, 'whether an old blue is there', (names) =>
      names.map((name) =>
        warning(
          `${name} of an earlier deployment is still there and costs money; old blue of this run gets the next number. Delete it if nobody needs it.`,
        ),
      ),
    ),
};
