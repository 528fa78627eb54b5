import type {
  CreateDBInstanceCommandInput,
  RestoreDBClusterToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { checkQuota } from '../world/account.ts';
import { clusterSource, findCluster, presentCluster, touchCluster } from '../world/clusters.ts';
import { copyOf } from '../world/copy.ts';
import { instanceEndpoint, readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import { instanceSource, presentInstance, touchInstance } from '../world/instances.ts';
import { checkIdentifier } from '../world/naming.ts';
import { openEndpoint } from '../world/network.ts';
import { checkFamily, parameterGroupNamed } from '../world/parameter-groups.ts';
import { invalidClusterState, invalidCombination, invalidValue } from '../world/refusals.ts';
import { makeCluster, makeMember } from '../world/seeding.ts';
import { type Cluster, clusterNamed, type Instance, instanceNamed, instancesOf } from '../world/world.ts';
import { isSwitching } from './members-guard.ts';
import { checkTags } from './tags.ts';
import { requireKnownFields } from './unknown-fields.ts';

/**
 * RestoreDBClusterToPointInTime, as a copy-on-write clone of what the source holds now. The new cluster has no instances, and no parameter
 * group of the source's when none is named.
 */
export function cloneCluster(
  rds: ControlPlane,
  input: RestoreDBClusterToPointInTimeCommandInput,
  touch: (touched: Touched) => void,
) {
  requireKnownFields('RestoreDBClusterToPointInTime', input, [
    'DBClusterIdentifier',
    'SourceDBClusterIdentifier',
    'RestoreType',
    'UseLatestRestorableTime',
    'DBClusterParameterGroupName',
    'DBSubnetGroupName',
    'VpcSecurityGroupIds',
    'Port',
    'NetworkType',
    'EnableIAMDatabaseAuthentication',
    'EnableCloudwatchLogsExports',
    'ServerlessV2ScalingConfiguration',
    'CopyTagsToSnapshot',
    'DeletionProtection',
    'Tags',
  ]);
  const source = findCluster(rds.world, input.SourceDBClusterIdentifier);
  checkClone(rds, source, input);
  const clone = addClone(rds, source, input);
  touch(touchCluster(rds, clone));
  const answer = presentCluster(rds.world, clone);
  rds.background.run(async () => {
    await Promise.all([
      rds.dataPlane.cloneDatabase(source.DbClusterResourceId, clone.DbClusterResourceId),
      rds.background.sleep(rds.timings.cloneCluster),
    ]);
    clone.Status = 'available';
    rds.events.emit(clusterSource(clone), 'notification', '0170', 'DB cluster created');
  });
  return { DBCluster: answer };
}

function checkClone(
  rds: ControlPlane,
  source: Cluster,
  input: RestoreDBClusterToPointInTimeCommandInput,
): void {
  const { world } = rds;
  checkIdentifier('DBClusterIdentifier', input.DBClusterIdentifier ?? '');
  if (clusterNamed(world, (input.DBClusterIdentifier ?? '').toLowerCase()))
    throw new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
  if (input.RestoreType !== 'copy-on-write')
    throw invalidValue('Only RestoreType copy-on-write is kept here');
  if (!input.UseLatestRestorableTime)
    throw invalidCombination('A copy-on-write restore needs UseLatestRestorableTime');
  if (source.Status !== 'available' || isSwitching(world, source.DbClusterResourceId))
    throw invalidClusterState(`DB cluster ${source.DBClusterIdentifier} is not in available state.`);
  if (instancesOf(world, source).length === 0)
    throw invalidClusterState(`DB cluster ${source.DBClusterIdentifier} has no instance.`);
  if (input.DBClusterParameterGroupName) {
    const group = parameterGroupNamed(world, 'cluster', input.DBClusterParameterGroupName);
    checkFamily(rds, group, source.Engine, source.EngineVersion);
  }
  checkQuota(world, 'DBClusters', 1);
}

function addClone(
  rds: ControlPlane,
  source: Cluster,
  input: RestoreDBClusterToPointInTimeCommandInput,
): Cluster {
  source.CloneGroupId ??= rds.names.eventId();
  const { DBClusterParameterGroup: _group, ...settings } = copyOf(source);
  return makeCluster(rds, {
    ...settings,
    DBClusterIdentifier: input.DBClusterIdentifier ?? '',
    DbClusterResourceId: rds.names.clusterId(),
    ...(input.DBClusterParameterGroupName && { DBClusterParameterGroup: input.DBClusterParameterGroupName }),
    ...(input.VpcSecurityGroupIds && {
      VpcSecurityGroups: input.VpcSecurityGroupIds.map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: 'active',
      })),
    }),
    DeletionProtection: input.DeletionProtection ?? false,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports ?? [],
    ClusterCreateTime: new Date(rds.clock.now()),
    PendingModifiedValues: {},
    AssociatedRoles: [],
    Status: 'creating',
    TagList: checkTags(input.Tags),
  });
}

/** CreateDBInstance, into an Aurora cluster only. The cluster is reached once its first instance is there. */
export async function addToCluster(
  rds: ControlPlane,
  input: CreateDBInstanceCommandInput,
  touch: (touched: Touched) => void,
) {
  requireKnownFields('CreateDBInstance', input, [
    'DBInstanceIdentifier',
    'DBClusterIdentifier',
    'DBInstanceClass',
    'Engine',
    'DBParameterGroupName',
    'PromotionTier',
    'PubliclyAccessible',
    'AutoMinorVersionUpgrade',
    'CACertificateIdentifier',
    'MonitoringInterval',
    'MonitoringRoleArn',
    'Tags',
  ]);
  if (!input.DBClusterIdentifier) throw invalidValue('Only instances of an Aurora cluster are created here');
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  checkNewInstance(rds, cluster, input);
  const { DBParameterGroupName: group, Tags } = input;
  const instance = makeMember(rds, cluster, {
    DBInstanceIdentifier: input.DBInstanceIdentifier ?? '',
    DBInstanceClass: input.DBInstanceClass,
    ...(group && { parameterGroup: group }),
    PromotionTier: input.PromotionTier,
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    MonitoringInterval: input.MonitoringInterval ?? 0,
    MonitoringRoleArn: input.MonitoringRoleArn,
    VpcSecurityGroups: copyOf(cluster.VpcSecurityGroups ?? []),
    DBInstanceStatus: 'creating',
    TagList: checkTags(Tags),
  });
  touch(touchInstance(rds, instance));
  rds.background.run(() => startInstance(rds, cluster, instance));
  return { DBInstance: await presentInstance(rds, rds.world, instance) };
}

function checkNewInstance(rds: ControlPlane, cluster: Cluster, input: CreateDBInstanceCommandInput): void {
  const name = input.DBInstanceIdentifier ?? '';
  checkIdentifier('DBInstanceIdentifier', name);
  if (instanceNamed(rds.world, name.toLowerCase()))
    throw new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists');
  if (cluster.Status !== 'available')
    throw invalidClusterState(`DB cluster ${cluster.DBClusterIdentifier} is not in available state.`);
  if (input.Engine !== cluster.Engine)
    throw invalidCombination(
      `The engine ${input.Engine} does not match the engine of the cluster, ${cluster.Engine}`,
    );
  if (input.DBParameterGroupName)
    checkFamily(
      rds,
      parameterGroupNamed(rds.world, 'instance', input.DBParameterGroupName),
      cluster.Engine,
      cluster.EngineVersion,
    );
  checkQuota(rds.world, 'DBInstances', 1);
}

async function startInstance(rds: ControlPlane, cluster: Cluster, instance: Instance): Promise<void> {
  await rds.background.sleep(rds.timings.addInstance);
  const database = cluster.DbClusterResourceId;
  await openEndpoint(rds, instance, instanceEndpoint(instance.DBInstanceIdentifier), database);
  for (const endpoint of [writerEndpoint, readerEndpoint])
    await openEndpoint(rds, cluster, endpoint(cluster.DBClusterIdentifier), database);
  instance.DBInstanceStatus = 'available';
  rds.events.emit(instanceSource(instance), 'creation', '0005', 'DB instance created');
}
