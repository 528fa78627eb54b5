import type { ControlPlane } from '../control-plane.ts';
import { arnOf } from '../world/deployments.ts';
import type { Deployment } from '../world/world.ts';

/** Every reason for which RDS refuses the switchover now: those of the databases, and those of their neighbours. */
export async function guardrails(rds: ControlPlane, deployment: Deployment): Promise<string[]> {
  const ofDatabases = await rds.dataPlane.guardrails(deployment.id);
  return [...ofDatabases, ...integrationReasons(rds, deployment), ...proxyReasons(rds, deployment)];
}

/** A zero-ETL integration must be deleted before. */
function integrationReasons({ world }: ControlPlane, { members }: Deployment): string[] {
  const arns = members.map(({ kind, blue }) => arnOf(world, kind, blue));
  return world.integrations
    .filter(({ SourceArn }) => arns.includes(SourceArn))
    .map(({ IntegrationName }) => `the source has the zero-ETL integration ${IntegrationName}`);
}

/** A proxy that leads to blue must reach it. */
function proxyReasons({ world }: ControlPlane, { members }: Deployment): string[] {
  const arns = members.map(({ kind, blue }) => arnOf(world, kind, blue));
  return world.proxies.flatMap(({ DBProxyName, targets }) =>
    targets
      .filter(
        ({ TargetArn, TargetHealth }) => arns.includes(TargetArn) && TargetHealth?.State !== 'AVAILABLE',
      )
      .map(({ TargetHealth }) => `the target of the proxy ${DBProxyName} is ${TargetHealth?.State}`),
  );
}
