import type { ControlPlane } from './control-plane.ts';
import type { DataPlane } from './data-plane.ts';
import type { Deployment } from './world/world.ts';

/** How a deployment's replication does; what cannot be read is stopped and unknown. */
export async function readReplication(
  rds: ControlPlane,
  deployment: string,
): ReturnType<DataPlane['replication']> {
  try {
    return await rds.dataPlane.replication(deployment);
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    return { state: 'stopped', lagSeconds: null, lagBytes: null, message };
  }
}

/** Measures once a period until the deployment is switched over or deleted. */
export async function recordLag(rds: ControlPlane, deployment: Deployment): Promise<void> {
  while (!deployment.switched && rds.world.deployments.includes(deployment)) {
    const { lagSeconds, lagBytes } = await readReplication(rds, deployment.id);
    rds.lag.add(deployment.id, { at: rds.clock.now(), lagSeconds, lagBytes });
    await rds.background.sleep(rds.timings.metricPeriod);
  }
}
