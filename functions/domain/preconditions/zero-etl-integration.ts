import type { Precondition } from './facts.ts';
import { blocker, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** RDS finds it at the cut, when green was built and people have approved. */
export const zeroEtlIntegration: Precondition = {
  id: 'zero-etl-integration',
  engines: 'all',
  looksAt: 'Zero-ETL integrations whose source is blue.',
  how: 'DescribeIntegrations, SourceArn',
  source: sources.limitations,
  check: ({ neighbours: { integrations } }) =>
    whenRead(integrations, 'the zero-ETL integrations of the account', (names) =>
      names.map((name) =>
        blocker(
          `blue is the source of the zero-ETL integration ${name}, with which RDS refuses the switchover. Delete it before the run, and create it again for new production.`,
        ),
      ),
    ),
};
