import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** Green is built as a replica of blue. */
export const readReplicaLimit: Precondition = {
  id: 'read-replica-limit',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'Whether blue may have one more replica, as which green is built.',
  how: 'DescribeAccountAttributes, ReadReplicasPerMaster',
  source: sources.api,
  check: ({ request, database, traits, quotas }) =>
    request.adopt || database.kind !== 'instance'
      ? []
      : whenRead(quotas, 'the quotas of the account', (list) =>
          list
            .filter(({ name, max }) => name === 'ReadReplicasPerMaster' && traits.replicas.length + 1 > max)
            .map(({ max }) =>
              warning(
                `blue has ${traits.replicas.length} of ${max} replicas, and green is built as one more. Delete a replica, or raise the quota ReadReplicasPerMaster.`,
              ),
            ),
        ),
};
