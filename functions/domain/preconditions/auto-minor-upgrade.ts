import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const autoMinorUpgrade: Precondition = {
  id: 'auto-minor-upgrade',
  engines: 'all',
  looksAt: 'Whether blue takes minor versions by itself.',
  how: 'AutoMinorVersionUpgrade',
  source: sources.limitations,
  check: ({ features }) =>
    features.autoMinorUpgrade.length > 0
      ? [
          warning(
            `${features.autoMinorUpgrade.join(', ')} may take a minor version in the maintenance window, and a blue that is newer than green ends the deployment. Turn AutoMinorVersionUpgrade off until the run has ended.`,
          ),
        ]
      : [],
};
