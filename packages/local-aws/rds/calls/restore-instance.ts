import type { RestoreDBInstanceToPointInTimeCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { checkQuota } from '../world/account.ts';
import { copyOf } from '../world/copy.ts';
import { instanceEndpoint } from '../world/endpoints.ts';
import { findInstance, instanceSource, presentInstance, touchInstance } from '../world/instances.ts';
import { checkIdentifier } from '../world/naming.ts';
import { openEndpoint } from '../world/network.ts';
import { checkFamily, parameterGroupNamed } from '../world/parameter-groups.ts';
import { invalidCombination, invalidInstanceState } from '../world/refusals.ts';
import { makeInstance } from '../world/seeding.ts';
import { type Instance, instanceNamed, isAurora } from '../world/world.ts';
import { isSwitching } from './members-guard.ts';
import { checkTags } from './tags.ts';
import { requireKnownFields } from './unknown-fields.ts';

/** The security group that a restore gets where it names none (API reference): that of the VPC, which admits no application of another group. */
const vpcDefault = 'sg-0d1e2f3a4b5c6d7e8';

/** States in which a backup can be read. Assumed: AWS gives no list, and a backup or a change under way does not stop a restore. */
const restorable = ['available', 'backing-up', 'modifying', 'storage-optimization'];

/**
 * RestoreDBInstanceToPointInTime, to the latest time only: here that is now, where RDS may be five minutes behind. What the call does not name
 * is not taken over from the source but gets the default: one zone, the default parameter group, the VPC's default security group, no
 * sign-in by IAM, no protection, no tags, no roles (API reference).
 */
export async function restoreInstance(
  rds: ControlPlane,
  input: RestoreDBInstanceToPointInTimeCommandInput,
  touch: (touched: Touched) => void,
) {
  requireKnownFields('RestoreDBInstanceToPointInTime', input, [
    'SourceDBInstanceIdentifier',
    'TargetDBInstanceIdentifier',
    'UseLatestRestorableTime',
    'DBInstanceClass',
    'MultiAZ',
    'StorageType',
    'Iops',
    'DBSubnetGroupName',
    'DBParameterGroupName',
    'OptionGroupName',
    'VpcSecurityGroupIds',
    'PubliclyAccessible',
    'AutoMinorVersionUpgrade',
    'CACertificateIdentifier',
    'EnableIAMDatabaseAuthentication',
    'EnableCloudwatchLogsExports',
    'CopyTagsToSnapshot',
    'DeletionProtection',
    'Tags',
  ]);
  const source = findInstance(rds.world, input.SourceDBInstanceIdentifier);
  checkRestore(rds, source, input);
  const restored = addRestored(rds, source, input);
  touch(touchInstance(rds, restored));
  rds.background.run(() => fill(rds, source, restored));
  return { DBInstance: await presentInstance(rds, rds.world, restored) };
}

function checkRestore(
  rds: ControlPlane,
  source: Instance,
  input: RestoreDBInstanceToPointInTimeCommandInput,
): void {
  const { world } = rds;
  const name = input.TargetDBInstanceIdentifier ?? '';
  checkIdentifier('TargetDBInstanceIdentifier', name);
  if (instanceNamed(world, name.toLowerCase()))
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists');
  if (!input.UseLatestRestorableTime)
    throw invalidCombination('Only a restore to UseLatestRestorableTime is kept here');
  if (isAurora(source.Engine))
    throw invalidCombination('The source is an instance of Aurora: use RestoreDBClusterToPointInTime');
  if (!source.BackupRetentionPeriod)
    throw new AwsError(
      'PointInTimeRestoreNotEnabledFault',
      `${source.DBInstanceIdentifier} keeps no automated backups.`,
    );
  if (!restorable.includes(source.DBInstanceStatus ?? '') || isSwitching(world, source.DbiResourceId))
    throw invalidInstanceState(`DB instance ${source.DBInstanceIdentifier} is not in available state.`);
  if (input.DBParameterGroupName) {
    const group = parameterGroupNamed(world, 'instance', input.DBParameterGroupName);
    checkFamily(rds, group, source.Engine, source.EngineVersion);
  }
  checkQuota(world, 'DBInstances', 1);
  checkQuota(world, 'AllocatedStorage', source.AllocatedStorage ?? 0);
}

function addRestored(
  rds: ControlPlane,
  source: Instance,
  input: RestoreDBInstanceToPointInTimeCommandInput,
): Instance {
  const DbiResourceId = rds.names.instanceId();
  const {
    DBParameterGroups: _groups,
    ReadReplicaSourceDBInstanceIdentifier: _of,
    ...settings
  } = copyOf(source);
  return makeInstance(
    rds,
    {
      ...settings,
      DBInstanceIdentifier: input.TargetDBInstanceIdentifier ?? '',
      DbiResourceId,
      DBInstanceClass: input.DBInstanceClass ?? source.DBInstanceClass,
      ...(input.DBParameterGroupName && { parameterGroup: input.DBParameterGroupName }),
      MultiAZ: input.MultiAZ ?? false,
      StorageType: input.StorageType ?? (input.Iops ? 'io1' : 'gp3'),
      Iops: input.Iops,
      VpcSecurityGroups: (input.VpcSecurityGroupIds ?? [vpcDefault]).map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: 'active',
      })),
      PubliclyAccessible: input.PubliclyAccessible ?? false,
      AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? source.AutoMinorVersionUpgrade,
      CACertificateIdentifier: input.CACertificateIdentifier ?? source.CACertificateIdentifier,
      IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
      EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports ?? [],
      CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
      DeletionProtection: input.DeletionProtection ?? false,
      InstanceCreateTime: new Date(rds.clock.now()),
      PendingModifiedValues: {},
      AssociatedRoles: [],
      MonitoringInterval: 0,
      MonitoringRoleArn: undefined,
      ReadReplicaDBInstanceIdentifiers: [],
      DBInstanceStatus: 'creating',
      TagList: checkTags(input.Tags),
    },
    DbiResourceId,
  );
}

/** The data of the source as it is now, under the same key; then the address, and a first backup. */
async function fill(rds: ControlPlane, source: Instance, restored: Instance): Promise<void> {
  const name = restored.DBInstanceIdentifier;
  await Promise.all([
    rds.dataPlane.cloneDatabase(source.database, restored.database),
    rds.background.sleep(rds.timings.restoreInstance),
  ]);
  await openEndpoint(rds, restored, instanceEndpoint(name), restored.database);
  restored.DBInstanceStatus = 'backing-up';
  rds.events.emit(
    instanceSource(restored),
    'restoration',
    '0019',
    `Restored from DB instance ${source.DBInstanceIdentifier} to ${name}`,
  );
  await rds.background.sleep(rds.timings.firstBackup);
  restored.DBInstanceStatus = 'available';
}
