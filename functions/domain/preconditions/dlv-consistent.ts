import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';
import { sources } from './sources.ts';

export const dlvConsistent: Precondition = {
  id: 'dlv-consistent',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'Whether replicas have a dedicated log volume where the primary has one.',
  how: 'DedicatedLogVolume',
  source: sources.limitations,
  check: ({ features: { withoutLogVolume } }) =>
    withoutLogVolume.length === 0
      ? []
      : [
          blocker(
            `blue has a dedicated log volume and its replicas ${withoutLogVolume.join(', ')} have none, with which RDS creates no green. Turn it on for them, too.`,
          ),
        ],
};
