import { DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand } from '@aws-sdk/client-rds';
import { rdsReader } from '../clients/rds.ts';
import { readAllPages } from './read.ts';

/**
 * Targets of proxies that lead to one of these databases. A target names a cluster as `TrackedClusterId` or `RdsResourceId`, and an instance as
 * `RdsResourceId`.
 */
export async function readProxies(ids: string[]) {
  const proxies = await readAllPages(
    (Marker) => rdsReader().send(new DescribeDBProxiesCommand({ Marker })),
    (page) => page.DBProxies,
  );
  const targets = await Promise.all(
    proxies.map(async ({ DBProxyName = '' }) => {
      const all = await readAllPages(
        (Marker) => rdsReader().send(new DescribeDBProxyTargetsCommand({ DBProxyName, Marker })),
        (page) => page.Targets,
      );
      return all.map((target) => ({ ...target, proxy: DBProxyName }));
    }),
  );
  return targets
    .flat()
    .filter(({ RdsResourceId = '', TrackedClusterId = '', TargetArn = '' }) =>
      [RdsResourceId, TrackedClusterId, TargetArn.split(':').at(-1) ?? ''].some((id) => ids.includes(id)),
    )
    .map(({ proxy, TargetHealth }) => ({
      proxy,
      state: TargetHealth?.State ?? 'unknown',
      reason: TargetHealth?.Reason ?? null,
    }));
}
