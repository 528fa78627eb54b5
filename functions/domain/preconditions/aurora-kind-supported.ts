import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Of Aurora, Serverless v1, Limitless and global databases cannot be taken. */
export const auroraKindSupported: Precondition = {
  id: 'aurora-kind-supported',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt: 'Whether the cluster is Serverless v1, Limitless, or part of a global database.',
  check: ({ database, traits }) => [
    ...(traits.serverlessV1
      ? [
          blocker(
            `${database.id} is Aurora Serverless v1, which RDS takes into no blue/green deployment. Move it to Serverless v2 first.`,
          ),
        ]
      : []),
    ...(traits.limitless
      ? [
          blocker(
            `${database.id} is an Aurora Limitless cluster, which RDS takes into no blue/green deployment.`,
          ),
        ]
      : []),
    ...(traits.globalCluster
      ? [
          blocker(
            `${database.id} belongs to the global database ${traits.globalCluster}. Its other Regions would change with it, which this workflow does not watch. Detach the cluster from the global database first, or change it by hand.`,
          ),
        ]
      : []),
  ],
};
