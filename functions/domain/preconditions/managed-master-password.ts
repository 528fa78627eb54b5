import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** RDS takes no database whose master password Secrets Manager manages. */
export const managedMasterPassword: Precondition = {
  id: 'managed-master-password',
  engines: 'all',
  looksAt: 'Whether Secrets Manager manages the master password.',
  check: ({ database, traits }) =>
    traits.managedMasterPassword
      ? [
          blocker(
            `Secrets Manager manages the master password of ${database.id}, and RDS takes no such database into a blue/green deployment. Set a password of your own for the time of the change, and turn the management on again afterwards.`,
          ),
        ]
      : [],
};
