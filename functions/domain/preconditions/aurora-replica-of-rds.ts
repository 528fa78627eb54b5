import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const auroraReplicaOfRds: Precondition = {
  id: 'aurora-replica-of-rds',
  engines: ['mysql', 'postgres'],
  looksAt: 'Aurora clusters that replicate from blue.',
  how: 'ReadReplicaDBClusterIdentifiers',
  source: sources.api,
  check: ({ features }) =>
    features.auroraReplicas.length > 0
      ? [
          warning(
            `the Aurora clusters ${features.auroraReplicas.join(', ')} replicate from blue and will not follow new production. Promote or delete them, or make them anew afterwards.`,
          ),
        ]
      : [],
};
