import type { CreateBlueGreenDeploymentCommandInput } from '@aws-sdk/client-rds';
import { AwsError } from '../../wire/service.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findCluster } from '../world/clusters.ts';
import { findInstance, isAvailable } from '../world/instances.ts';
import { checkIdentifier, parseArn } from '../world/naming.ts';
import { checkFamily, parameterGroupNamed, parameterValue } from '../world/parameter-groups.ts';
import {
  invalidClusterState,
  invalidCombination,
  invalidInstanceState,
  invalidValue,
} from '../world/refusals.ts';
import {
  type Cluster,
  type Instance,
  instancesOf,
  isAurora,
  isPostgres,
  openDeploymentOf,
  type World,
} from '../world/world.ts';

export type Source = { engine: string; version: string } & (
  | { kind: 'db'; instance: Instance }
  | { kind: 'cluster'; cluster: Cluster }
);

type Input = CreateBlueGreenDeploymentCommandInput;

/** The database that `Source` names; an unknown one is refused. */
export function sourceOf(world: World, arnText: string | undefined): Source {
  const arn = parseArn(arnText ?? '');
  if (!arn || !arnText) throw invalidValue(`Source must be the ARN of a DB instance or an Aurora cluster`);
  if (arn.kind === 'cluster') {
    const cluster = findCluster(world, arnText);
    return { kind: 'cluster', cluster, engine: cluster.Engine, version: cluster.EngineVersion };
  }
  const instance = findInstance(world, arnText);
  return { kind: 'db', instance, engine: instance.Engine, version: instance.EngineVersion };
}

/** Everything for which RDS refuses to begin. Which error name it uses for a configuration is known for few of them. */
export function checkCreation(rds: ControlPlane, source: Source, input: Input): void {
  checkEngine(source);
  checkState(rds.world, source);
  checkNeighbours(source);
  const target = checkTargetVersion(rds, source, input);
  checkTargetGroups(rds, source, input, target);
  checkTargetSize(source, input);
  checkReplicationPrerequisites(rds, source, target);
}

const notSupported = (source: Source, because: string) =>
  new AwsError(
    source.kind === 'db' ? 'SourceDatabaseNotSupportedFault' : 'SourceClusterNotSupportedFault',
    because,
  );

function checkEngine(source: Source): void {
  if (source.kind === 'db' && source.instance.DBClusterIdentifier)
    throw notSupported(source, 'Give the cluster of this instance as the source.');
  if (source.kind === 'cluster' && !isAurora(source.engine))
    throw notSupported(source, 'Multi-AZ DB clusters are not supported.');
  if (source.kind === 'cluster' && source.cluster.EngineMode === 'serverless')
    throw notSupported(source, 'Aurora Serverless v1 is not supported.');
  if (!['mysql', 'mariadb', 'postgres', 'aurora-mysql', 'aurora-postgresql'].includes(source.engine))
    throw notSupported(source, `Blue/green deployments do not exist for ${source.engine}.`);
}

function checkState(world: World, source: Source): void {
  const instances = source.kind === 'db' ? [source.instance] : instancesOf(world, source.cluster);
  const busy = instances.find((instance) => !isAvailable(instance));
  if (busy) throw invalidInstanceState(`DB instance ${busy.DBInstanceIdentifier} is not in available state`);
  if (source.kind === 'cluster' && source.cluster.Status !== 'available')
    throw invalidClusterState(`DB cluster ${source.cluster.DBClusterIdentifier} is not in available state`);
  const id = source.kind === 'db' ? source.instance.DbiResourceId : source.cluster.DbClusterResourceId;
  const other = openDeploymentOf(world, id);
  if (!other) return;
  const message = `The source is already part of the blue/green deployment ${other.id}`;
  throw source.kind === 'db' ? invalidInstanceState(message) : invalidClusterState(message);
}

function checkNeighbours(source: Source): void {
  const database = source.kind === 'db' ? source.instance : source.cluster;
  if (database.MasterUserSecret)
    throw notSupported(source, 'A master password managed in Secrets Manager is not supported.');
  if (source.kind === 'db' && source.instance.ReadReplicaSourceDBInstanceIdentifier)
    throw notSupported(source, 'The source is itself a read replica.');
  const replicas =
    source.kind === 'db'
      ? source.instance.ReadReplicaDBInstanceIdentifiers
      : source.cluster.ReadReplicaIdentifiers;
  if (replicas?.some((replica) => replica.startsWith('arn:')))
    throw notSupported(source, 'Cross-Region read replicas are not supported.');
}

/** Gives the version that green will run. */
function checkTargetVersion(rds: ControlPlane, source: Source, input: Input): string {
  const target = input.TargetEngineVersion ?? source.version;
  const known = rds.engineVersions.find(source.engine, source.version);
  if (target !== source.version && !known?.targets.includes(target))
    throw invalidCombination(`Cannot upgrade ${source.engine} from ${source.version} to ${target}`);
  return target;
}

function checkTargetGroups(rds: ControlPlane, source: Source, input: Input, target: string): void {
  const { TargetDBParameterGroupName: instanceGroup, TargetDBClusterParameterGroupName: clusterGroup } =
    input;
  if (instanceGroup)
    checkFamily(rds, parameterGroupNamed(rds.world, 'instance', instanceGroup), source.engine, target);
  if (!clusterGroup) return;
  if (source.kind === 'db')
    throw invalidCombination('TargetDBClusterParameterGroupName applies to Aurora clusters only');
  checkFamily(rds, parameterGroupNamed(rds.world, 'cluster', clusterGroup), source.engine, target);
}

function checkTargetSize(source: Source, input: Input): void {
  const size = (
    [
      'TargetDBInstanceClass',
      'TargetIops',
      'TargetStorageType',
      'TargetAllocatedStorage',
      'TargetStorageThroughput',
      'UpgradeTargetStorageConfig',
    ] as const
  ).filter((field) => input[field] !== undefined);
  if (source.kind === 'cluster' && size.length > 0)
    throw invalidCombination(`${size.join(', ')} can't be specified for an Aurora cluster`);
  if (input.TargetDBInstanceClass && !/^db\.[0-9a-z]{2,6}\.[0-9a-z]{4,9}$/.test(input.TargetDBInstanceClass))
    throw invalidValue(`Invalid DB Instance class: ${input.TargetDBInstanceClass}`);
  const type = input.TargetStorageType ?? (source.kind === 'db' ? source.instance.StorageType : undefined);
  if (input.TargetStorageThroughput !== undefined && type !== 'gp3')
    throw invalidCombination('TargetStorageThroughput applies to gp3 storage only');
}

function checkReplicationPrerequisites(rds: ControlPlane, source: Source, target: string): void {
  if (source.kind === 'db') {
    checkIdentifier('Source', `${source.instance.DBInstanceIdentifier}-green-abcdef`);
    if ((source.instance.BackupRetentionPeriod ?? 0) < 1)
      throw notSupported(source, 'Automated backups must be enabled on the source.');
  }
  const isMajor = rds.engineVersions.isMajorUpgrade(source.engine, source.version, target);
  const isLogical = isPostgres(source.engine) && (source.kind === 'cluster' || isMajor);
  if (!isLogical && source.engine !== 'aurora-mysql') return;
  const { name, status } = replicationGroup(rds, source);
  const level = source.kind === 'db' ? 'instance' : 'cluster';
  const group = parameterGroupNamed(rds.world, level, name);
  if (isLogical && parameterValue(group, 'rds.logical_replication') !== '1')
    throw notSupported(source, `rds.logical_replication must be 1 in the parameter group ${name}.`);
  if (!isLogical && (parameterValue(group, 'binlog_format') ?? 'OFF') === 'OFF')
    throw notSupported(source, `binlog_format must not be OFF in the parameter group ${name}.`);
  if (status !== 'in-sync')
    throw notSupported(source, `The writer is not in sync with the parameter group ${name}; reboot it.`);
}

function replicationGroup(rds: ControlPlane, source: Source): { name: string; status: string } {
  if (source.kind === 'cluster') {
    const writer = source.cluster.DBClusterMembers.find((member) => member.IsClusterWriter);
    return {
      name: source.cluster.DBClusterParameterGroup,
      status: writer?.DBClusterParameterGroupStatus ?? 'missing',
    };
  }
  const group = source.instance.DBParameterGroups?.[0];
  const family = rds.engineVersions.find(source.engine, source.version)?.family;
  return {
    name: group?.DBParameterGroupName ?? `default.${family}`,
    status: group?.ParameterApplyStatus ?? 'missing',
  };
}
