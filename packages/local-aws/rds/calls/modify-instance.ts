import type { ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { instanceEndpoint } from '../world/endpoints.ts';
import { findInstance, instanceSource, presentInstance, touchInstance } from '../world/instances.ts';
import { checkIdentifier } from '../world/naming.ts';
import { changeSecurityGroups, openEndpoint } from '../world/network.ts';
import { checkFamily, parameterGroupNamed } from '../world/parameter-groups.ts';
import { invalidCombination, invalidValue } from '../world/refusals.ts';
import { type Instance, instanceNamed, isAurora } from '../world/world.ts';
import { checkInstanceChangeable } from './members-guard.ts';
import { renameInstance } from './renaming.ts';
import { requireKnownFields } from './unknown-fields.ts';
import { checkUpgrade, noticeUpgradeOfBlue } from './upgrades.ts';

/** Changes that wait for the maintenance window unless `ApplyImmediately` is true. */
const deferred = [
  'DBInstanceClass',
  'MultiAZ',
  'AllocatedStorage',
  'StorageType',
  'Iops',
  'StorageThroughput',
  'BackupRetentionPeriod',
  'EngineVersion',
] as const;

/** ModifyDBInstance, for the fields that a blue/green deployment has to do with. */
export function modifyInstance(
  rds: ControlPlane,
  input: ModifyDBInstanceCommandInput,
  touch: (touched: Touched) => void,
) {
  requireKnownFields('ModifyDBInstance', input, [
    'DBInstanceIdentifier',
    'ApplyImmediately',
    'AllowMajorVersionUpgrade',
    'NewDBInstanceIdentifier',
    'DBParameterGroupName',
    'DeletionProtection',
    'VpcSecurityGroupIds',
    'CopyTagsToSnapshot',
    ...deferred,
  ]);
  const instance = findInstance(rds.world, input.DBInstanceIdentifier);
  checkInstanceChangeable(rds.world, instance);
  checkModification(rds, instance, input);
  touch(touchInstance(rds, instance));
  changeAtOnce(rds, instance, input);
  const values = Object.fromEntries(
    deferred
      .filter((field) => input[field] !== undefined && input[field] !== instance[field])
      .map((field) => [field, input[field]]),
  );
  const newName = input.NewDBInstanceIdentifier?.toLowerCase();
  instance.PendingModifiedValues = {
    ...instance.PendingModifiedValues,
    ...values,
    ...(newName && { DBInstanceIdentifier: newName }),
  };
  if (input.ApplyImmediately) {
    if (Object.keys(values).length > 0) rds.background.run(() => apply(rds, instance, values));
    if (newName) rds.background.run(() => rename(rds, instance, newName));
  }
  return presentInstance(rds, rds.world, instance).then((DBInstance) => ({ DBInstance }));
}

function checkModification(rds: ControlPlane, instance: Instance, input: ModifyDBInstanceCommandInput): void {
  const { Engine, EngineVersion } = instance;
  if (input.DBParameterGroupName) {
    const group = parameterGroupNamed(rds.world, 'instance', input.DBParameterGroupName);
    checkFamily(rds, group, Engine, input.EngineVersion ?? EngineVersion);
  }
  if (input.DBInstanceClass && !input.DBInstanceClass.startsWith('db.'))
    throw invalidValue(`Invalid DB Instance class: ${input.DBInstanceClass}`);
  if (input.EngineVersion !== undefined) {
    if (isAurora(Engine))
      throw invalidCombination('The version of an Aurora instance is that of its cluster');
    checkUpgrade(rds, instance, input.EngineVersion, input.AllowMajorVersionUpgrade);
  }
  if (isAurora(Engine) && input.DeletionProtection !== undefined)
    throw invalidCombination('Deletion protection of an Aurora instance is that of its cluster');
  if (input.NewDBInstanceIdentifier === undefined) return;
  checkIdentifier('NewDBInstanceIdentifier', input.NewDBInstanceIdentifier);
  if (instanceNamed(rds.world, input.NewDBInstanceIdentifier.toLowerCase()))
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB Instance already exists');
}

function changeAtOnce(rds: ControlPlane, instance: Instance, input: ModifyDBInstanceCommandInput): void {
  instance.DeletionProtection = input.DeletionProtection ?? instance.DeletionProtection;
  instance.CopyTagsToSnapshot = input.CopyTagsToSnapshot ?? instance.CopyTagsToSnapshot;
  if (input.VpcSecurityGroupIds) changeSecurityGroups(rds, instance, input.VpcSecurityGroupIds);
  const group = input.DBParameterGroupName?.toLowerCase();
  // Another group is attached at once, and in force only after a reboot.
  if (group && group !== instance.DBParameterGroups?.[0]?.DBParameterGroupName)
    instance.DBParameterGroups = [{ DBParameterGroupName: group, ParameterApplyStatus: 'pending-reboot' }];
}

async function apply(rds: ControlPlane, instance: Instance, values: Record<string, unknown>): Promise<void> {
  await rds.background.sleep(rds.timings.notice);
  instance.DBInstanceStatus = 'EngineVersion' in values ? 'upgrading' : 'modifying';
  await rds.background.sleep(rds.timings.modify);
  Object.assign(instance, values);
  clearPending(instance, Object.keys(values));
  instance.DBInstanceStatus = 'available';
  noticeUpgradeOfBlue(rds, instance.DbiResourceId, instance);
  rds.events.emit(instanceSource(instance), 'configuration change', '0014', 'Finished applying modification');
}

/** The old address goes at once, the new one comes late; in between nobody reaches the instance. */
async function rename(rds: ControlPlane, instance: Instance, name: string): Promise<void> {
  await rds.background.sleep(rds.timings.notice);
  instance.DBInstanceStatus = 'renaming';
  const { staleForMs } = rds.faults.at('names-after-rename') ?? {};
  const before = instanceEndpoint(instance.DBInstanceIdentifier);
  await rds.dataPlane.pointEndpoint(before, undefined, undefined, staleForMs);
  await rds.background.sleep(rds.timings.rename / 2);
  renameInstance(rds, instance, name);
  clearPending(instance, ['DBInstanceIdentifier']);
  instance.DBInstanceStatus = 'rebooting';
  await rds.background.sleep(rds.timings.rename / 2);
  await openEndpoint(rds, instance, instanceEndpoint(name), instance.database, staleForMs);
  instance.DBInstanceStatus = 'available';
}

function clearPending(instance: Instance, fields: string[]): void {
  instance.PendingModifiedValues = Object.fromEntries(
    Object.entries(instance.PendingModifiedValues ?? {}).filter(([field]) => !fields.includes(field)),
  );
}
