import type { ControlPlane } from './control-plane.ts';
import { type Deployment, instanceById, isAurora } from './world/world.ts';

/** The members lag behind the deployment: it says AVAILABLE while they are still busy. */
export async function settle(rds: ControlPlane, deployment: Deployment): Promise<void> {
  const fault = rds.faults.at('available');
  if (fault && 'flapFor' in fault) rds.background.run(() => flap(rds, deployment, fault.flapFor));
  if (fault && 'status' in fault)
    rds.background.run(() => replaceStatus(rds, deployment, fault.status, fault.forMs));
  const stuck = fault && 'memberStatus' in fault ? fault : undefined;
  setStatus(
    rds,
    deployment,
    stuck?.memberStatus ?? (isAurora(deployment.engine) ? 'modifying' : 'storage-optimization'),
  );
  if (stuck && stuck.forMs === undefined) return;
  await rds.background.sleep(stuck?.forMs ?? rds.timings.settleMembers);
  setStatus(rds, deployment, 'available');
}

function setStatus(rds: ControlPlane, deployment: Deployment, status: string): void {
  for (const { green } of deployment.members) {
    const instance = instanceById(rds.world, green);
    if (!instance || instance.DBInstanceStatus === 'deleting') continue;
    instance.DBInstanceStatus = status;
    instance.PercentProgress = status === 'storage-optimization' ? '0' : undefined;
  }
}

/** AVAILABLE is seen for a moment, then taken back, then comes for good. */
async function flap(rds: ControlPlane, deployment: Deployment, forMs: number): Promise<void> {
  await rds.background.sleep(forMs);
  await replaceStatus(rds, deployment, 'PROVISIONING', forMs);
}

/** Another status in place of AVAILABLE, for a while or for good. */
async function replaceStatus(
  rds: ControlPlane,
  deployment: Deployment,
  status: string,
  forMs: number | undefined,
): Promise<void> {
  if (deployment.status !== 'AVAILABLE') return;
  deployment.status = status;
  if (forMs === undefined) return;
  await rds.background.sleep(forMs);
  if (deployment.status === status) deployment.status = 'AVAILABLE';
}
