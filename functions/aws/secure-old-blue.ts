import { Busy, CleanupIncomplete } from '../domain/errors.ts';
import { judgeFence } from '../domain/fence.ts';
import { readClusterByResourceId } from './rds-read.ts';
import { fenceCluster } from './rds-write.ts';

/**
 * Puts the fence on an Aurora cluster, by resource id, and proves it by reading it back. Not in effect yet is Busy: the task runs
 * again and reads again.
 */
export async function fenceOldBlue(resourceId: string, productionName: string, fence: string): Promise<void> {
  const cluster = await readClusterByResourceId(resourceId);
  const name = cluster?.DBClusterIdentifier;
  if (!cluster || !name) return;
  if (name === productionName)
    throw new CleanupIncomplete(`old blue (${resourceId}) still has the name of production`);
  const groups = (cluster.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId = '', Status = '' }) => ({
    id: VpcSecurityGroupId,
    status: Status,
  }));
  const state = judgeFence(groups, fence);
  if (state === 'fenced') return;
  if (state === 'open') await fenceCluster(name, fence);
  throw new Busy(`the fence ${fence} is not in effect on ${name} yet`);
}
