import type { DBCluster } from '@aws-sdk/client-rds';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { databasePhase } from '../../domain/model/phase.ts';
import { cloneName, cloneWriterName, type FoundClone } from '../../domain/way-back/target.ts';
import { asTags, readClusterByResourceId, readInstancesOfCluster } from './read.ts';
import { asSide, type RawSide, readSideAgain, readSideByName } from './side.ts';
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
 * Clones old blue as it is. What RDS does not take over from the source by itself is named: without its parameter group the clone would
 * get the default one, in which logical replication is off. The fence is its only security group.
 */
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
      DBClusterParameterGroupName: oldBlue.DBClusterParameterGroup,
      DBSubnetGroupName: oldBlue.DBSubnetGroup,
      VpcSecurityGroupIds: [fence],
      Port: oldBlue.Port,
      NetworkType: oldBlue.NetworkType,
      EnableIAMDatabaseAuthentication: oldBlue.IAMDatabaseAuthenticationEnabled,
      EnableCloudwatchLogsExports: oldBlue.EnabledCloudwatchLogsExports,
      ServerlessV2ScalingConfiguration: oldBlue.ServerlessV2ScalingConfiguration,
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
  const writers = (oldBlue.DBClusterMembers ?? []).filter(({ IsClusterWriter }) => IsClusterWriter);
  const writer = instances.find(({ DBInstanceIdentifier }) =>
    writers.some((row) => row.DBInstanceIdentifier === DBInstanceIdentifier),
  );
  if (!writer)
    throw new Busy(notYet(`old blue ${oldBlue.DBClusterIdentifier} shows no writer`, lookAtRds('old blue')));
  await addClusterInstance(
    {
      DBInstanceIdentifier: cloneWriterName(clone),
      DBClusterIdentifier: clone,
      Engine: oldBlue.Engine,
      DBInstanceClass: writer.DBInstanceClass,
      DBParameterGroupName: writer.DBParameterGroups?.[0]?.DBParameterGroupName,
      PubliclyAccessible: writer.PubliclyAccessible,
      AutoMinorVersionUpgrade: writer.AutoMinorVersionUpgrade,
      CACertificateIdentifier: writer.CACertificateIdentifier,
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
