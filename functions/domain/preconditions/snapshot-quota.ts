import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** Old blue is deleted only after a final snapshot. */
export const snapshotQuota: Precondition = {
  id: 'snapshot-quota',
  engines: 'all',
  looksAt: 'The room for the final snapshot, where old blue is to be deleted.',
  how: 'DescribeAccountAttributes, ManualSnapshots or ManualClusterSnapshots',
  source: sources.api,
  check: ({ request, database, quotas }) => {
    if (request.oldBlue.deleteAfterDays === undefined) return [];
    const wanted = database.kind === 'cluster' ? 'ManualClusterSnapshots' : 'ManualSnapshots';
    return whenRead(quotas, 'the quotas of the account', (list) =>
      list
        .filter(({ name, used, max }) => name === wanted && used >= max)
        .map(({ used, max }) =>
          warning(
            `${used} of ${max} manual snapshots are in use, so the final snapshot cannot be taken and old blue would be kept. Delete snapshots that nobody needs, or raise the quota ${wanted}.`,
          ),
        ),
    );
  },
};
