import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const cloudformationManaged: Precondition = {
  id: 'cloudformation-managed',
  engines: 'all',
  looksAt: 'Whether blue belongs to a stack of CloudFormation.',
  how: 'tag aws:cloudformation:stack-name',
  source: sources.limitations,
  check: ({ features }) =>
    features.stack !== null
      ? [
          warning(
            `blue belongs to the CloudFormation stack ${features.stack}, which does not learn of the switchover: its next update may replace or delete new production. Keep the stack from being updated until its resource was imported anew.`,
          ),
        ]
      : [],
};
