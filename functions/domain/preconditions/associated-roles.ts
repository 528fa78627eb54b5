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
            `IAM roles are attached to blue (${features.roles.join(', ')}) and are not to green: imports and exports by them fail after the switchover. Attach them to new production then, or to green by a changeGreen hook.`,
          ),
        ]
      : [],
};
