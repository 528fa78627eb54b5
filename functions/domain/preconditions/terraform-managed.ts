import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const terraformManaged: Precondition = {
  id: 'terraform-managed',
  engines: 'all',
  looksAt: 'Whether tags of blue name Terraform.',
  how: 'tags whose key or value names Terraform',
  source: sources.api,
  check: ({ features }) =>
    features.terraform
      ? [
          warning(
            `tags say that Terraform manages blue, and its next apply would undo the new version and groups, or replace new production. Write the new version and groups into the configuration before the next apply.`,
          ),
        ]
      : [],
};
