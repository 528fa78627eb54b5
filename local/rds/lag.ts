import type { ControlPlane } from './control-plane.ts';
import type { Deployment } from './world.ts';

export interface LagSample {
  at: number;
  lagSeconds: number | null;
  lagBytes: number | null;
}

const oneDay = 24 * 60 * 60_000;

/** What was measured of the replication of each deployment, the last 24 hours of it. */
export class LagRecord {
  readonly #samples = new Map<string, LagSample[]>();

  add(deployment: string, sample: LagSample): void {
    const kept = (this.#samples.get(deployment) ?? []).filter(({ at }) => at > sample.at - oneDay);
    this.#samples.set(deployment, [...kept, sample]);
  }

  of(deployment: string): readonly LagSample[] {
    return this.#samples.get(deployment) ?? [];
  }
}

/** Measures once a period until the deployment is switched over or deleted. */
export async function recordLag(rds: ControlPlane, deployment: Deployment): Promise<void> {
  while (!deployment.switched && rds.world.deployments.includes(deployment)) {
    const { lagSeconds, lagBytes } = await rds.dataPlane.replication(deployment.id);
    rds.lag.add(deployment.id, { at: rds.clock.now(), lagSeconds, lagBytes });
    await rds.clock.sleep(rds.timings.metricPeriod);
  }
}
