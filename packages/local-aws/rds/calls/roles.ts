import type { AddRoleToDBClusterCommandInput, AddRoleToDBInstanceCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { findCluster, touchCluster } from '../world/clusters.ts';
import { findInstance, touchInstance } from '../world/instances.ts';
import { invalidClusterState, invalidInstanceState } from '../world/refusals.ts';

type Touch = (touched: Touched) => void;

/** AddRoleToDBInstance: the role is PENDING for a moment (API reference, `DBInstanceRole`). */
export function addRoleToInstance(rds: ControlPlane, input: AddRoleToDBInstanceCommandInput, touch: Touch) {
  const instance = findInstance(rds.world, input.DBInstanceIdentifier);
  if (instance.DBInstanceStatus !== 'available')
    throw invalidInstanceState(`${instance.DBInstanceIdentifier} is ${instance.DBInstanceStatus}`);
  instance.AssociatedRoles = attach(rds, instance.AssociatedRoles, input, 'DBInstanceRoleAlreadyExistsFault');
  touch(touchInstance(rds, instance));
  return {};
}

/** AddRoleToDBCluster. */
export function addRoleToCluster(rds: ControlPlane, input: AddRoleToDBClusterCommandInput, touch: Touch) {
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  if (cluster.Status !== 'available')
    throw invalidClusterState(`${cluster.DBClusterIdentifier} is ${cluster.Status}`);
  cluster.AssociatedRoles = attach(rds, cluster.AssociatedRoles, input, 'DBClusterRoleAlreadyExistsFault');
  touch(touchCluster(rds, cluster));
  return {};
}

interface Role {
  RoleArn?: string | undefined;
  FeatureName?: string | undefined;
  Status?: string | undefined;
}

/** Assumed: a second role for the same feature is refused as one that exists. */
function attach(rds: ControlPlane, roles: Role[] = [], { RoleArn, FeatureName }: Role, exists: string) {
  if (roles.some((role) => role.FeatureName === FeatureName && (FeatureName || role.RoleArn === RoleArn)))
    throw new AwsError(exists, `A role for ${FeatureName ?? RoleArn} is associated already`);
  const role = { RoleArn, FeatureName, Status: 'PENDING' };
  rds.background.run(async () => {
    await rds.background.sleep(rds.timings.notice);
    role.Status = 'ACTIVE';
  });
  return [...roles, role];
}
