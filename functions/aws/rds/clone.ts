import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { databasePhase } from '../../domain/model/phase.ts';
import { cloneName, cloneWriterName, type FoundClone } from '../../domain/way-back/target.ts';
import { asTags, readClusterByResourceId, readInstancesOfCluster } from './read.ts';
import { asSide, findWriter, type RawSide, readSideAgain, readSideByName } from './side.ts';
import { addClusterInstance, cloneCluster } from './write.ts';

/** The clone of a run, found by its name; undefined when nothing is called so. */
export async function readClone(
  run: string,
  deployment: Pick<Deployment, 'database' | 'blue'>,
): Promise<FoundClone | undefined> {
  return asFound(await readSideByName('cluster', cloneName(run, deployment)));
}

/** A clone that is known, by its resource id, whatever it is called now; undefined when it is gone. */
export async function readCloneAgain(clone: Side): Promise<FoundClone | undefined> {
  return asFound(await readSideAgain('cluster', clone));
}

const asFound = (raw: RawSide | undefined): FoundClone | undefined =>
  raw && { side: asSide(raw), tags: asTags(raw.cluster?.TagList) };

/**
 * What RDS does not take over from the source of a clone by itself: without its parameter group a clone would get the default one, in which
 * logical replication is off.
 * @param group its only security group
 */
export const settingsOfCluster = (source: DBCluster, group: string) => ({
  DBClusterParameterGroupName: source.DBClusterParameterGroup,
  DBSubnetGroupName: source.DBSubnetGroup,
  VpcSecurityGroupIds: [group],
  Port: source.Port,
  NetworkType: source.NetworkType,
  EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
  ServerlessV2ScalingConfiguration: source.ServerlessV2ScalingConfiguration,
});

/** What the only instance of a clone has from the writer of the source. */
export const settingsOfWriter = (writer: DBInstance) => ({
  DBInstanceClass: writer.DBInstanceClass,
  DBParameterGroupName: writer.DBParameterGroups?.[0]?.DBParameterGroupName,
  AutoMinorVersionUpgrade: writer.AutoMinorVersionUpgrade,
  CACertificateIdentifier: writer.CACertificateIdentifier,
});

/** Clones old blue as it is, behind the fence. */
export async function cloneOldBlue(
  deployment: Deployment,
  name: string,
  fence: string,
  tags: Record<string, string>,
): Promise<void> {
  const oldBlue = await readOldBlueCluster(deployment);
  if (databasePhase(oldBlue.Status) !== 'available')
    throw new Busy(
      notYet(`old blue ${oldBlue.DBClusterIdentifier} is ${oldBlue.Status}`, lookAtRds('old blue')),
    );
  await cloneCluster(
    oldBlue.DBClusterIdentifier ?? '',
    name,
    {
      ...settingsOfCluster(oldBlue, fence),
      EnableCloudwatchLogsExports: oldBlue.EnabledCloudwatchLogsExports,
      CopyTagsToSnapshot: oldBlue.CopyTagsToSnapshot,
      DeletionProtection: true,
    },
    tags,
  );
}

/** Gives a clone its only instance, of the class and with the settings of old blue's writer. */
export async function addCloneWriter(
  deployment: Deployment,
  clone: string,
  tags: Record<string, string>,
): Promise<void> {
  const oldBlue = await readOldBlueCluster(deployment);
  const instances = await readInstancesOfCluster(oldBlue.DBClusterIdentifier ?? '');
  const writer = findWriter({ cluster: oldBlue, instances });
  if (!writer)
    throw new Busy(notYet(`old blue ${oldBlue.DBClusterIdentifier} shows no writer`, lookAtRds('old blue')));
  await addClusterInstance(
    {
      DBInstanceIdentifier: cloneWriterName(clone),
      DBClusterIdentifier: clone,
      Engine: oldBlue.Engine,
      ...settingsOfWriter(writer),
      PubliclyAccessible: writer.PubliclyAccessible,
      // Enhanced monitoring needs both or neither.
      ...(writer.MonitoringInterval && {
        MonitoringInterval: writer.MonitoringInterval,
        MonitoringRoleArn: writer.MonitoringRoleArn,
      }),
    },
    tags,
  );
}

async function readOldBlueCluster({ database, blue }: Deployment): Promise<DBCluster> {
  const oldBlue = await readClusterByResourceId(blue.resourceId);
  if (!oldBlue) throw new UnexpectedState(`old blue (${blue.resourceId}) is gone`);
  if (oldBlue.DBClusterIdentifier === database.id)
    throw new UnexpectedState(`old blue (${blue.resourceId}) still has the name of production`);
  return oldBlue;
}
