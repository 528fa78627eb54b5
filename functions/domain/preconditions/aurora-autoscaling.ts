import { firstNames } from '../model/first-names.ts';
import { quote } from '../model/text.ts';
import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const auroraAutoscaling: Precondition = {
  id: 'aurora-autoscaling',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt: 'Aurora Auto Scaling: how the readers of blue are scaled.',
  how: 'DescribeScalableTargets, DescribeScalingPolicies and DescribeScheduledActions of `cluster:NAME`',
  source: sources.limitations,
  check: ({ neighbours: { scaling } }) =>
    whenRead(scaling, 'Aurora Auto Scaling of blue', (found) =>
      found.length > 0
        ? [
            warning(
              `the readers of blue are scaled (${firstNames(found.map((one) => quote(one, 100))).join(', ')}), and no deployment takes that along: readers neither come nor go from the switchover until "Put back what was dropped" registers it again. Readers that come while green stands stay with old blue.`,
            ),
          ]
        : [],
    ),
};
