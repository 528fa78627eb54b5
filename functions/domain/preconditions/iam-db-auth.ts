import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const iamDbAuth: Precondition = {
  id: 'iam-db-auth',
  engines: 'all',
  looksAt: 'Whether users sign in to blue by IAM.',
  how: 'IAMDatabaseAuthenticationEnabled',
  source: sources.limitations,
  check: ({ features }) =>
    features.iamAuthentication
      ? [
          warning(
            `users may sign in by IAM, and policies of rds-db:connect name the resource id, which is another one for new production. Add the resource id of green to the policies before the switchover.`,
          ),
        ]
      : [],
};
