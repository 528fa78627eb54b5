import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const associatedRoles: Precondition = {
  id: 'associated-roles',
  engines: 'all',
  looksAt: 'IAM roles that are attached to blue.',
  how: 'AssociatedRoles',
  source: sources.limitations,
  check: ({ features }) =>
    features.roles.length > 0
      ? [
          warning(
            `IAM roles are attached to blue (${features.roles.join(', ')}), and RDS copies none to green: imports and exports by them fail from the switchover until "Put back what was dropped" attaches them to new production, after the rollback target.`,
          ),
        ]
      : [],
};
