import type { ModifyDBClusterCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { clusterSource, findCluster, presentCluster, touchCluster } from '../world/clusters.ts';
import { readerEndpoint, writerEndpoint } from '../world/endpoints.ts';
import { checkIdentifier } from '../world/naming.ts';
import { changeSecurityGroups, openEndpoint } from '../world/network.ts';
import { checkFamily, parameterGroupNamed } from '../world/parameter-groups.ts';
import { type Cluster, clusterNamed, instancesOf } from '../world/world.ts';
import { checkClusterChangeable } from './members-guard.ts';
import { renameCluster } from './renaming.ts';
import { requireKnownFields } from './unknown-fields.ts';
import { checkUpgrade, noticeUpgradeOfBlue } from './upgrades.ts';

/** ModifyDBCluster, for the fields that a blue/green deployment has to do with. */
export function modifyCluster(
  rds: ControlPlane,
  input: ModifyDBClusterCommandInput,
  touch: (touched: Touched) => void,
) {
  requireKnownFields('ModifyDBCluster', input, [
    'DBClusterIdentifier',
    'ApplyImmediately',
    'AllowMajorVersionUpgrade',
    'NewDBClusterIdentifier',
    'DBClusterParameterGroupName',
    'DeletionProtection',
    'VpcSecurityGroupIds',
    'BackupRetentionPeriod',
    'CopyTagsToSnapshot',
    'EngineVersion',
  ]);
  const cluster = findCluster(rds.world, input.DBClusterIdentifier);
  checkClusterChangeable(rds.world, cluster);
  checkModification(rds, cluster, input);
  touch(touchCluster(rds, cluster));
  changeAtOnce(rds, cluster, input);
  const newName = input.NewDBClusterIdentifier?.toLowerCase();
  const version = input.EngineVersion === cluster.EngineVersion ? undefined : input.EngineVersion;
  cluster.PendingModifiedValues = {
    ...cluster.PendingModifiedValues,
    ...(newName && { DBClusterIdentifier: newName }),
    ...(version && { EngineVersion: version }),
  };
  if (input.ApplyImmediately && newName) rds.background.run(() => rename(rds, cluster, newName));
  if (input.ApplyImmediately && version) rds.background.run(() => upgrade(rds, cluster, version));
  return { DBCluster: presentCluster(rds.world, cluster) };
}

function checkModification(rds: ControlPlane, cluster: Cluster, input: ModifyDBClusterCommandInput): void {
  const target = input.EngineVersion ?? cluster.EngineVersion;
  if (input.DBClusterParameterGroupName) {
    const group = parameterGroupNamed(rds.world, 'cluster', input.DBClusterParameterGroupName);
    checkFamily(rds, group, cluster.Engine, target);
  }
  checkUpgrade(rds, cluster, target, input.AllowMajorVersionUpgrade);
  if (input.NewDBClusterIdentifier === undefined) return;
  checkIdentifier('NewDBClusterIdentifier', input.NewDBClusterIdentifier);
  if (clusterNamed(rds.world, input.NewDBClusterIdentifier.toLowerCase()))
    throw new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
}

function changeAtOnce(rds: ControlPlane, cluster: Cluster, input: ModifyDBClusterCommandInput): void {
  cluster.DeletionProtection = input.DeletionProtection ?? cluster.DeletionProtection;
  cluster.BackupRetentionPeriod = input.BackupRetentionPeriod ?? cluster.BackupRetentionPeriod;
  cluster.CopyTagsToSnapshot = input.CopyTagsToSnapshot ?? cluster.CopyTagsToSnapshot;
  if (input.VpcSecurityGroupIds) changeSecurityGroups(rds, cluster, input.VpcSecurityGroupIds);
  const group = input.DBClusterParameterGroupName?.toLowerCase();
  if (!group || group === cluster.DBClusterParameterGroup) return;
  cluster.DBClusterParameterGroup = group;
  for (const member of cluster.DBClusterMembers) member.DBClusterParameterGroupStatus = 'pending-reboot';
}

/** The database itself is not restarted; its writer and reader endpoints move to the new name. */
async function rename(rds: ControlPlane, cluster: Cluster, name: string): Promise<void> {
  await rds.background.sleep(rds.timings.notice);
  const before = cluster.DBClusterIdentifier;
  cluster.Status = 'renaming';
  const { staleForMs } = rds.faults.at('names-after-rename') ?? {};
  for (const endpoint of [writerEndpoint, readerEndpoint])
    await rds.dataPlane.pointEndpoint(endpoint(before), undefined, undefined, staleForMs);
  await rds.background.sleep(rds.timings.rename);
  renameCluster(rds, cluster, name);
  clearPending(cluster, 'DBClusterIdentifier');
  for (const endpoint of [writerEndpoint, readerEndpoint])
    await openEndpoint(rds, cluster, endpoint(name), cluster.DbClusterResourceId, staleForMs);
  cluster.Status = 'available';
  const message = `Renamed cluster from ${before} to ${name}`;
  rds.events.emit(clusterSource(cluster), 'notification', '0172', message);
}

async function upgrade(rds: ControlPlane, cluster: Cluster, version: string): Promise<void> {
  await rds.background.sleep(rds.timings.notice);
  const members = instancesOf(rds.world, cluster);
  cluster.Status = 'upgrading';
  for (const instance of members) instance.DBInstanceStatus = 'upgrading';
  await rds.background.sleep(rds.timings.upgradeEngine);
  cluster.EngineVersion = version;
  clearPending(cluster, 'EngineVersion');
  for (const instance of members) {
    instance.EngineVersion = version;
    instance.DBInstanceStatus = 'available';
  }
  cluster.Status = 'available';
  noticeUpgradeOfBlue(rds, cluster.DbClusterResourceId, cluster);
}

function clearPending(cluster: Cluster, field: string): void {
  cluster.PendingModifiedValues = Object.fromEntries(
    Object.entries(cluster.PendingModifiedValues ?? {}).filter(([pending]) => pending !== field),
  );
}
