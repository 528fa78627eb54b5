import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A blue/green deployment is made for a whole Aurora cluster, never for one of its instances. */
export const sourceIsTopLevel: Precondition = {
  id: 'source-is-top-level',
  engines: 'all',
  looksAt:
    'Whether the database is a whole instance or a whole cluster, and whether its name means one database only.',
  check: ({ database, traits }) => [
    ...(traits.memberOfCluster && database.kind === 'instance'
      ? [
          blocker(
            `${database.id} is an instance of the cluster ${traits.memberOfCluster}, and a deployment covers the whole cluster. Give "database": "${traits.memberOfCluster}".`,
          ),
        ]
      : []),
    ...(traits.namesake
      ? [
          blocker(
            `${database.id} is the name of an instance and of a cluster that do not belong together. Give the ARN of the one that you mean: ${database.arn} or ${traits.namesake}.`,
          ),
        ]
      : []),
  ],
};
