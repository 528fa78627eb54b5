import {
  AddRoleToDBClusterCommand,
  AddRoleToDBInstanceCommand,
  AddSourceIdentifierToSubscriptionCommand,
  AddTagsToResourceCommand,
  CreateBlueGreenDeploymentCommand,
  type CreateBlueGreenDeploymentCommandInput,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  CreateDBSnapshotCommand,
  DeleteBlueGreenDeploymentCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  FailoverDBClusterCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  RebootDBInstanceCommand,
  RestoreDBClusterToPointInTimeCommand,
  type RestoreDBClusterToPointInTimeCommandInput,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
  SwitchoverBlueGreenDeploymentCommand,
} from '@aws-sdk/client-rds';
import type { Database } from '../../domain/model/deployment.ts';
import { rdsWriter } from '../clients/rds.ts';

/*
 * Every call of Viridian that changes something in RDS, one function each. All of them are sent once (see clients/settings.ts);
 * the caller has just read that the change is still to be made, and reads the result afterwards.
 */

const asTagList = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * Builds green beside blue. Blue is not changed; RDS makes a replica of it.
 * @returns the id of the deployment, `bgd-…`
 */
export async function createDeployment(input: {
  name: string;
  source: string;
  tags: Record<string, string>;
  target: Omit<CreateBlueGreenDeploymentCommandInput, 'BlueGreenDeploymentName' | 'Source' | 'Tags'>;
}): Promise<{ id: string; status: string }> {
  const { BlueGreenDeployment } = await rdsWriter().send(
    new CreateBlueGreenDeploymentCommand({
      ...input.target,
      BlueGreenDeploymentName: input.name,
      Source: input.source,
      Tags: asTagList(input.tags),
    }),
  );
  return {
    id: BlueGreenDeployment?.BlueGreenDeploymentIdentifier ?? '',
    status: BlueGreenDeployment?.Status ?? '',
  };
}

/** Moves production to green. The one dangerous call: only "Start switchover" makes it. */
export async function startSwitchover(deploymentId: string, timeoutSeconds: number): Promise<void> {
  await rdsWriter().send(
    new SwitchoverBlueGreenDeploymentCommand({
      BlueGreenDeploymentIdentifier: deploymentId,
      SwitchoverTimeout: timeoutSeconds,
    }),
  );
}

/** Green only, before anybody is asked: its standby takes over (Multi-AZ). */
export async function rebootWithFailover(name: string): Promise<void> {
  await rdsWriter().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: name, ForceFailover: true }));
}

/** The same of a cluster: a reader becomes the writer, `to` or the one that RDS chooses. */
export async function failOverCluster(name: string, to: string | null): Promise<void> {
  await rdsWriter().send(
    new FailoverDBClusterCommand({
      DBClusterIdentifier: name,
      ...(to !== null && { TargetDBInstanceIdentifier: to }),
    }),
  );
}

/** Green only: gives an instance another class, at once. */
export async function changeMember(
  name: string,
  change: { DBInstanceClass?: string; AllocatedStorage?: number },
): Promise<void> {
  await rdsWriter().send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ...change, ApplyImmediately: true }),
  );
}

/** Before the cut only: deletes the deployment together with green. RDS refuses it after a switchover. */
export async function deleteDeploymentAndGreen(deploymentId: string): Promise<void> {
  await rdsWriter().send(
    new DeleteBlueGreenDeploymentCommand({ BlueGreenDeploymentIdentifier: deploymentId, DeleteTarget: true }),
  );
}

/** After the cut only: deletes the record and no database. On Aurora old blue may then be written again. */
export async function deleteDeploymentRecord(deploymentId: string): Promise<void> {
  await rdsWriter().send(
    new DeleteBlueGreenDeploymentCommand({ BlueGreenDeploymentIdentifier: deploymentId }),
  );
}

/** Adds or replaces tags of a resource. */
export async function addTags(arn: string, tags: Record<string, string>): Promise<void> {
  await rdsWriter().send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: asTagList(tags) }));
}

/** Lets RDS use an IAM role for a feature of a database, as imports from S3. */
export async function addRole(
  kind: Database['kind'],
  name: string,
  RoleArn: string,
  FeatureName: string | undefined,
): Promise<void> {
  if (kind === 'cluster')
    await rdsWriter().send(
      new AddRoleToDBClusterCommand({ DBClusterIdentifier: name, RoleArn, FeatureName }),
    );
  else
    await rdsWriter().send(
      new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: name, RoleArn, FeatureName }),
    );
}

/** Lets a subscription to events of RDS hear those of one database more, by its name. */
export async function addEventSource(SubscriptionName: string, SourceIdentifier: string): Promise<void> {
  await rdsWriter().send(
    new AddSourceIdentifierToSubscriptionCommand({ SubscriptionName, SourceIdentifier }),
  );
}

/** Lets an instance or a cluster be deleted, at once. */
export async function turnOffDeletionProtection(kind: Database['kind'], name: string): Promise<void> {
  const change = { ApplyImmediately: true, DeletionProtection: false };
  if (kind === 'cluster')
    await rdsWriter().send(new ModifyDBClusterCommand({ DBClusterIdentifier: name, ...change }));
  else await rdsWriter().send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ...change }));
}

/** Replaces every security group of a cluster, at once. */
export async function replaceSecurityGroups(name: string, securityGroups: string[]): Promise<void> {
  await rdsWriter().send(
    new ModifyDBClusterCommand({
      DBClusterIdentifier: name,
      VpcSecurityGroupIds: securityGroups,
      ApplyImmediately: true,
    }),
  );
}

/** Sets a dynamic parameter in a group: every instance of the group gets it within moments. */
export async function setParameter(group: string, name: string, value: string): Promise<void> {
  await rdsWriter().send(
    new ModifyDBParameterGroupCommand({
      DBParameterGroupName: group,
      Parameters: [{ ParameterName: name, ParameterValue: value, ApplyMethod: 'immediate' }],
    }),
  );
}

type CloneSettings = Omit<
  RestoreDBClusterToPointInTimeCommandInput,
  'DBClusterIdentifier' | 'SourceDBClusterIdentifier' | 'RestoreType' | 'UseLatestRestorableTime' | 'Tags'
>;

/**
 * Makes a copy-on-write clone of an Aurora cluster as it is now, without instances, under the key of its source. The source is not
 * changed.
 */
export async function cloneCluster(
  source: string,
  name: string,
  settings: CloneSettings,
  tags: Record<string, string>,
): Promise<void> {
  await rdsWriter().send(
    new RestoreDBClusterToPointInTimeCommand({
      ...settings,
      SourceDBClusterIdentifier: source,
      DBClusterIdentifier: name,
      RestoreType: 'copy-on-write',
      UseLatestRestorableTime: true,
      Tags: asTagList(tags),
    }),
  );
}

type RestoreSettings = Omit<
  RestoreDBInstanceToPointInTimeCommandInput,
  'SourceDBInstanceIdentifier' | 'TargetDBInstanceIdentifier' | 'UseLatestRestorableTime' | 'Tags'
>;

/**
 * Restores an instance from its backups to the latest time that RDS can (up to five minutes ago), under another name and the key of its
 * source. The source is not changed.
 */
export async function restoreInstance(
  source: string,
  name: string,
  settings: RestoreSettings,
  tags: Record<string, string>,
): Promise<void> {
  await rdsWriter().send(
    new RestoreDBInstanceToPointInTimeCommand({
      ...settings,
      SourceDBInstanceIdentifier: source,
      TargetDBInstanceIdentifier: name,
      UseLatestRestorableTime: true,
      Tags: asTagList(tags),
    }),
  );
}

/** Adds an instance to an Aurora cluster; the first one is its writer. */
export async function addClusterInstance(
  instance: Omit<CreateDBInstanceCommandInput, 'Tags'>,
  tags: Record<string, string>,
): Promise<void> {
  await rdsWriter().send(new CreateDBInstanceCommand({ ...instance, Tags: asTagList(tags) }));
}

/**
 * Takes a manual snapshot. The database goes on; an instance without a standby may pause its I/O for a moment.
 * @returns the ARN of the snapshot
 */
export async function createSnapshot(
  kind: Database['kind'],
  name: string,
  snapshotId: string,
  tags: Record<string, string>,
): Promise<string> {
  const Tags = asTagList(tags);
  if (kind === 'cluster') {
    const input = { DBClusterIdentifier: name, DBClusterSnapshotIdentifier: snapshotId, Tags };
    const { DBClusterSnapshot } = await rdsWriter().send(new CreateDBClusterSnapshotCommand(input));
    return DBClusterSnapshot?.DBClusterSnapshotArn ?? '';
  }
  const input = { DBInstanceIdentifier: name, DBSnapshotIdentifier: snapshotId, Tags };
  const { DBSnapshot } = await rdsWriter().send(new CreateDBSnapshotCommand(input));
  return DBSnapshot?.DBSnapshotArn ?? '';
}

/**
 * Gives a database another name, at once. Its address changes with it, and for minutes nobody reaches it by either
 * (`NewDBInstanceIdentifier`, `NewDBClusterIdentifier`).
 */
export async function renameDatabase(kind: Database['kind'], from: string, to: string): Promise<void> {
  if (kind === 'cluster')
    await rdsWriter().send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: from,
        NewDBClusterIdentifier: to,
        ApplyImmediately: true,
      }),
    );
  else
    await rdsWriter().send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: from,
        NewDBInstanceIdentifier: to,
        ApplyImmediately: true,
      }),
    );
}

/**
 * Deletes an instance without a further snapshot: "Take final snapshot" has made it. RDS deletes its automated backups with it unless it is
 * told to keep them; an instance of a cluster has none, and is deleted without a word about them.
 */
export async function deleteInstance(
  name: string,
  { deleteAutomatedBackups }: { deleteAutomatedBackups?: boolean },
): Promise<void> {
  await rdsWriter().send(
    new DeleteDBInstanceCommand({
      DBInstanceIdentifier: name,
      SkipFinalSnapshot: true,
      ...(deleteAutomatedBackups !== undefined && { DeleteAutomatedBackups: deleteAutomatedBackups }),
    }),
  );
}

/** Deletes a cluster that has no instances left, without a further snapshot; its automated backups go with it or are kept. */
export async function deleteCluster(name: string, deleteAutomatedBackups: boolean): Promise<void> {
  await rdsWriter().send(
    new DeleteDBClusterCommand({
      DBClusterIdentifier: name,
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: deleteAutomatedBackups,
    }),
  );
}
