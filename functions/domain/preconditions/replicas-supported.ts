import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A deployment takes a primary and its direct replicas of the same Region. */
export const replicasSupported: Precondition = {
  id: 'replicas-supported',
  engines: 'all',
  looksAt:
    'Whether blue is a replica, and whether its replicas are in the same Region and have no replicas of their own.',
  check: ({ database, traits }) => {
    const foreign = traits.replicas.filter(
      (replica) => replica.startsWith('arn:') && replica.split(':')[3] !== database.region,
    );
    return [
      ...(traits.replicaOf
        ? [
            blocker(
              `${database.id} is itself a replica of ${traits.replicaOf}. Start the change from its primary, or promote it first.`,
            ),
          ]
        : []),
      ...(foreign.length > 0
        ? [
            blocker(
              `${database.id} has replicas in other Regions (${foreign.join(', ')}), which RDS takes into no deployment. Delete them for the time of the change, and create them again afterwards.`,
            ),
          ]
        : []),
      ...traits.cascading
        .filter(({ replicas }) => replicas.length > 0)
        .map(({ replica, replicas }) =>
          blocker(
            `the replica ${replica} has replicas of its own (${replicas.join(', ')}), which RDS takes into no deployment. Let them replicate from ${database.id}, or delete them.`,
          ),
        ),
    ];
  },
};
