import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const multiAzCost: Precondition = {
  id: 'multi-az-cost',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'Whether blue runs in several zones.',
  how: 'MultiAZ',
  source: sources.creating,
  check: ({ features }) =>
    features.multiAz
      ? [
          warning(
            `blue runs in several zones, and so does green: both are paid for until old blue is deleted.`,
          ),
        ]
      : [],
};
