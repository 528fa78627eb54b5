import type { Precondition } from './facts.ts';
import { blocker, warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

/** A proxy has to reach blue when green is created, and both sides at the cut. */
export const rdsProxyHealthy: Precondition = {
  id: 'rds-proxy-healthy',
  engines: 'all',
  looksAt: 'RDS proxies that lead to blue, and whether they reach it.',
  how: 'DescribeDBProxies and DescribeDBProxyTargets, TargetHealth',
  source: sources.proxy,
  check: ({ neighbours: { proxies } }) =>
    whenRead(proxies, 'the RDS proxies of the account', (targets) =>
      targets.map(({ proxy, state, reason }) =>
        state === 'AVAILABLE'
          ? warning(
              `the proxy ${proxy} leads to blue. It follows the switchover, but its clients are disconnected then. Make sure that they connect again by themselves.`,
            )
          : blocker(
              `the target of the proxy ${proxy} is ${state}${reason ? ` (${reason})` : ''}, with which RDS refuses the switchover. Mend its secret, its security group or its role, or take blue out of the proxy.`,
            ),
      ),
    ),
};
