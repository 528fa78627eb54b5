import type { Precondition } from './facts.ts';
import { blocker, unknown, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** Every instance of green takes the storage of blue once more. */
export const storageQuota: Precondition = {
  id: 'storage-quota',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'The quota of the account for storage. Not for an adopted deployment.',
  how: 'DescribeAccountAttributes, AllocatedStorage (GiB)',
  source: sources.api,
  check: ({ request, database, blue, quotas }) => {
    if (request.adopt || database.kind !== 'instance') return [];
    const needed = (request.target.storage?.allocatedGiB ?? blue.storageGiB ?? 0) * blue.members.length;
    return whenRead(quotas, 'the quotas of the account', (list) => {
      const quota = list.find(({ name }) => name === 'AllocatedStorage');
      if (!quota)
        return [
          unknown(
            'RDS did not list the quota AllocatedStorage, so room for green is not proved. Start again later.',
          ),
        ];
      return quota.used + needed <= quota.max
        ? []
        : [
            blocker(
              `${quota.used} of ${quota.max} GiB of storage are in use and green needs ${needed} more. Raise the quota AllocatedStorage, or delete what is not needed.`,
            ),
          ];
    });
  },
};
