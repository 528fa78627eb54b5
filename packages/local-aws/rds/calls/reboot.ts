import type { RebootDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { instanceEndpoint } from '../world/endpoints.ts';
import { findInstance, instanceSource, presentInstance, touchInstance } from '../world/instances.ts';
import { openEndpoint } from '../world/network.ts';
import { parameterGroupNamed } from '../world/parameter-groups.ts';
import { invalidCombination } from '../world/refusals.ts';
import { type Instance, isAurora, isPostgres, openDeploymentOf } from '../world/world.ts';
import { checkInstanceChangeable } from './members-guard.ts';

/** RebootDBInstance: what waited for it (parameter groups, read-only state by parameter) is in force afterwards. */
export function rebootInstance(
  rds: ControlPlane,
  input: RebootDBInstanceCommandInput,
  touch: (touched: Touched) => void,
) {
  const instance = findInstance(rds.world, input.DBInstanceIdentifier);
  checkInstanceChangeable(rds.world, instance);
  if (input.ForceFailover && !instance.MultiAZ)
    throw invalidCombination('ForceFailover cannot be true for an instance that is not Multi-AZ');
  touch(touchInstance(rds, instance));
  instance.DBInstanceStatus = 'rebooting';
  rds.background.run(() => reboot(rds, instance, input.ForceFailover ?? false));
  return presentInstance(rds, rds.world, instance).then((DBInstance) => ({ DBInstance }));
}

async function reboot(rds: ControlPlane, instance: Instance, withFailover: boolean): Promise<void> {
  const endpoint = instanceEndpoint(instance.DBInstanceIdentifier);
  await rds.dataPlane.pointEndpoint(endpoint, undefined);
  if (withFailover) await failOverToStandby(rds, instance);
  else await rds.background.sleep(rds.timings.reboot);
  for (const group of instance.DBParameterGroups ?? []) group.ParameterApplyStatus = 'in-sync';
  for (const { DBClusterMembers } of rds.world.clusters)
    for (const member of DBClusterMembers)
      if (member.DBInstanceIdentifier === instance.DBInstanceIdentifier)
        member.DBClusterParameterGroupStatus = 'in-sync';
  await applyReadOnlyParameter(rds, instance);
  await openEndpoint(rds, instance, endpoint, instance.database);
  instance.DBInstanceStatus = 'available';
  rds.events.emit(instanceSource(instance), 'availability', '0006', 'DB instance restarted');
}

/** Events RDS-EVENT-0013 and 0049 tell of it; primary and standby exchange their zones (RDS User Guide, Multi-AZ). */
async function failOverToStandby(rds: ControlPlane, instance: Instance): Promise<void> {
  const source = instanceSource(instance);
  rds.events.emit(source, 'failover', '0013', 'Multi-AZ instance failover started');
  await rds.dataPlane.failOver(instance.database);
  await rds.background.sleep(rds.timings.failOverInstance);
  const { AvailabilityZone, SecondaryAvailabilityZone } = instance;
  instance.AvailabilityZone = SecondaryAvailabilityZone;
  instance.SecondaryAvailabilityZone = AvailabilityZone;
  rds.events.emit(source, 'failover', '0049', 'Multi-AZ instance failover completed');
}

/** The documented way to write to an old blue of RDS again is a parameter group that says so, and a reboot. */
export async function applyReadOnlyParameter(rds: ControlPlane, instance: Instance): Promise<void> {
  const isPlain = !isAurora(instance.Engine) && !instance.ReadReplicaSourceDBInstanceIdentifier;
  const green = openDeploymentOf(rds.world, instance.DbiResourceId)?.members[0].green;
  if (!isPlain || green === instance.DbiResourceId) return;
  const name = instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? '';
  const { parameters } = parameterGroupNamed(rds.world, 'instance', name);
  const value = parameters[isPostgres(instance.Engine) ? 'default_transaction_read_only' : 'read_only'];
  if (value === undefined) return;
  await rds.dataPlane.setWritable(instance.database, ['0', 'off'].includes(value.toLowerCase()));
}
