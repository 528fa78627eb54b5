import type { DBCluster } from '@aws-sdk/client-rds';
import { judgeGroups, type SecurityGroup } from '../../domain/close/security-groups.ts';
import { Busy, CleanupIncomplete } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { readClusterByResourceId } from './read.ts';
import { replaceSecurityGroups } from './write.ts';

/** Puts the fence on old blue, an Aurora cluster, by resource id, and proves it by reading it back. */
export async function fenceOldBlue(resourceId: string, productionName: string, fence: string): Promise<void> {
  const cluster = await readClusterByResourceId(resourceId);
  if (!cluster) return;
  if (cluster.DBClusterIdentifier === productionName)
    throw new CleanupIncomplete(`old blue (${resourceId}) still has the name of production`);
  await requireGroups(cluster, [fence]);
}

/**
 * Sees to it that these security groups and no others are on a cluster. Not in effect yet is Busy: the task runs again and reads
 * again.
 */
export async function requireGroups(cluster: DBCluster, wanted: string[]): Promise<void> {
  const state = judgeGroups(groupsOf(cluster), wanted);
  if (state === 'in-effect') return;
  const name = cluster.DBClusterIdentifier ?? '';
  if (state === 'other') await replaceSecurityGroups(name, wanted);
  throw new Busy(
    notYet(
      `the security groups ${wanted.join(', ')} are not in effect on ${name} yet`,
      `${lookAtRds(name)}: something may set other groups`,
    ),
  );
}

export function groupsOf(cluster: DBCluster): SecurityGroup[] {
  return (cluster.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId = '', Status = '' }) => ({
    id: VpcSecurityGroupId,
    status: Status,
  }));
}
