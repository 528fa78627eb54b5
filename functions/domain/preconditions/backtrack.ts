import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const backtrack: Precondition = {
  id: 'backtrack',
  engines: ['aurora-mysql'],
  looksAt: 'Whether blue can be backtracked.',
  how: 'BacktrackWindow',
  source: sources.limitations,
  check: ({ features }) =>
    features.backtrack
      ? [
          warning(
            `blue can be backtracked, green cannot; a backtrack of blue during the run ends the deployment. Do not backtrack meanwhile.`,
          ),
        ]
      : [],
};
