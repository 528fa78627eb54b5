import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import {
  addressCluster,
  addressCustomEndpoint,
  addressInstance,
  customEndpoint,
  instanceEndpoint,
  readerEndpoint,
  writerEndpoint,
} from './endpoints.ts';
import { parameterGroupNamed } from './parameter-groups.ts';
import { type Cluster, type Instance, instanceNamed } from './world.ts';

/** Fields as DescribeDBInstances has them. What is left out gets a plain, healthy value. */
export interface InstanceSeed extends Partial<DBInstance> {
  DBInstanceIdentifier: string;
  EngineVersion: string;
  /** Name of its parameter group, made before; the family's default without it. */
  parameterGroup?: string;
}

export interface ClusterSeed extends Partial<Omit<DBCluster, 'DBClusterMembers' | 'CustomEndpoints'>> {
  DBClusterIdentifier: string;
  Engine: string;
  EngineVersion: string;
  /** The first is the writer; default: one writer named `<cluster>-1`. */
  members?: (Partial<DBInstance> & { DBInstanceIdentifier: string })[];
  customEndpoints?: string[];
}

/** An RDS instance that is there from the start; with `ReadReplicaSourceDBInstanceIdentifier` a read replica of one that is there already. */
export async function addInstance(rds: ControlPlane, seed: InstanceSeed): Promise<Instance> {
  const source = seed.ReadReplicaSourceDBInstanceIdentifier;
  const primary = source ? instanceNamed(rds.world, source) : undefined;
  const DbiResourceId = seed.DbiResourceId ?? rds.names.instanceId();
  const instance = makeInstance(rds, { ...seed, DbiResourceId }, primary?.database ?? DbiResourceId);
  if (primary)
    primary.ReadReplicaDBInstanceIdentifiers = [
      ...(primary.ReadReplicaDBInstanceIdentifiers ?? []),
      instance.DBInstanceIdentifier,
    ];
  else await rds.dataPlane.createDatabase(DbiResourceId, instance.EngineVersion);
  await rds.dataPlane.pointEndpoint(instanceEndpoint(instance.DBInstanceIdentifier), instance.database);
  rds.productionArns.add(instance.DBInstanceArn);
  return instance;
}

/** An Aurora cluster that is there from the start, with its members, the first of them the writer. */
export async function addCluster(rds: ControlPlane, seed: ClusterSeed): Promise<Cluster> {
  const { members, customEndpoints, ...fields } = seed;
  const cluster = makeCluster(rds, fields);
  const { DBClusterIdentifier: name, DbClusterResourceId: database } = cluster;
  await rds.dataPlane.createDatabase(database, cluster.EngineVersion);
  for (const member of members ?? [{ DBInstanceIdentifier: `${name}-1` }]) {
    const instance = makeMember(rds, cluster, member);
    await rds.dataPlane.pointEndpoint(instanceEndpoint(instance.DBInstanceIdentifier), database);
    rds.productionArns.add(instance.DBInstanceArn);
  }
  await rds.dataPlane.pointEndpoint(writerEndpoint(name), database);
  await rds.dataPlane.pointEndpoint(readerEndpoint(name), database);
  for (const endpoint of customEndpoints ?? []) {
    makeCustomEndpoint(rds, cluster, endpoint);
    await rds.dataPlane.pointEndpoint(customEndpoint(endpoint), database);
  }
  rds.productionArns.add(cluster.DBClusterArn);
  return cluster;
}

/** Adds the record of an instance to the world. `database`: its resource in the data plane. */
export function makeInstance(
  rds: ControlPlane,
  seed: Omit<InstanceSeed, 'EngineVersion'> & { EngineVersion: string; DbiResourceId: string },
  database: string,
): Instance {
  const { parameterGroup, ...fields } = seed;
  const name = seed.DBInstanceIdentifier.toLowerCase();
  const engine = seed.Engine ?? 'postgres';
  const group = parameterGroupNamed(
    rds.world,
    'instance',
    parameterGroup ?? `default.${rds.engineVersions.find(engine, seed.EngineVersion)?.family}`,
  );
  const instance: Instance = {
    DBInstanceClass: 'db.r6g.large',
    Engine: engine,
    DBInstanceStatus: 'available',
    MasterUsername: 'postgres',
    AllocatedStorage: 100,
    StorageType: 'gp3',
    InstanceCreateTime: new Date(rds.clock.now()),
    PreferredBackupWindow: '01:00-01:30',
    PreferredMaintenanceWindow: 'sun:03:00-sun:03:30',
    BackupRetentionPeriod: 7,
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d4e5f60718', Status: 'active' }],
    DBParameterGroups: [{ DBParameterGroupName: group.name, ParameterApplyStatus: 'in-sync' }],
    AvailabilityZone: `${rds.names.region}a`,
    ...(seed.MultiAZ && { SecondaryAvailabilityZone: `${rds.names.region}b` }),
    DBSubnetGroup: { DBSubnetGroupName: 'private', VpcId: 'vpc-0f1e2d3c4b5a69788' },
    PendingModifiedValues: {},
    MultiAZ: false,
    AutoMinorVersionUpgrade: false,
    ReadReplicaDBInstanceIdentifiers: [],
    OptionGroupMemberships: [{ OptionGroupName: `default:${group.family}`, Status: 'in-sync' }],
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: `arn:aws:kms:${rds.names.region}:${rds.names.account}:key/5f1d7c1e-0f0d-4ad0-9b3e-2f1f6a7b8c9d`,
    CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    IAMDatabaseAuthenticationEnabled: true,
    DeletionProtection: false,
    CopyTagsToSnapshot: true,
    MonitoringInterval: 0,
    PerformanceInsightsEnabled: false,
    AssociatedRoles: [],
    EnabledCloudwatchLogsExports: [],
    TagList: [],
    ...fields,
    DBInstanceIdentifier: name,
    DBInstanceArn: rds.names.arn('db', name),
    database,
  };
  addressInstance(rds.dataPlane, instance);
  rds.world.instances.push(instance);
  rds.holders.note(name, database, rds.clock.now());
  return instance;
}

/** Adds the record of a cluster without members. */
export function makeCluster(
  rds: ControlPlane,
  seed: Partial<DBCluster> & { DBClusterIdentifier: string; Engine: string; EngineVersion: string },
): Cluster {
  const name = seed.DBClusterIdentifier.toLowerCase();
  const family = rds.engineVersions.find(seed.Engine, seed.EngineVersion)?.family;
  const group = parameterGroupNamed(
    rds.world,
    'cluster',
    seed.DBClusterParameterGroup ?? `default.${family}`,
  );
  const cluster: Cluster = {
    Status: 'available',
    EngineMode: 'provisioned',
    MasterUsername: 'postgres',
    MultiAZ: true,
    ClusterCreateTime: new Date(rds.clock.now()),
    BackupRetentionPeriod: 7,
    PreferredBackupWindow: '01:00-01:30',
    PreferredMaintenanceWindow: 'sun:03:00-sun:03:30',
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d4e5f60718', Status: 'active' }],
    DBSubnetGroup: 'private',
    StorageEncrypted: true,
    StorageType: 'aurora',
    DeletionProtection: false,
    CopyTagsToSnapshot: true,
    IAMDatabaseAuthenticationEnabled: true,
    AssociatedRoles: [],
    ReadReplicaIdentifiers: [],
    EnabledCloudwatchLogsExports: [],
    TagList: [],
    ...seed,
    DBClusterIdentifier: name,
    DbClusterResourceId: seed.DbClusterResourceId ?? rds.names.clusterId(),
    DBClusterArn: rds.names.arn('cluster', name),
    DBClusterParameterGroup: group.name,
    DBClusterMembers: [],
  };
  addressCluster(rds.dataPlane, cluster);
  rds.world.clusters.push(cluster);
  return cluster;
}

/** Adds an instance to a cluster; the first one is its writer. */
export function makeMember(
  rds: ControlPlane,
  cluster: Cluster,
  seed: Partial<DBInstance> & { DBInstanceIdentifier: string; parameterGroup?: string },
): Instance {
  const instance = makeInstance(
    rds,
    {
      StorageType: 'aurora',
      AllocatedStorage: 1,
      ...seed,
      DbiResourceId: seed.DbiResourceId ?? rds.names.instanceId(),
      Engine: cluster.Engine,
      EngineVersion: cluster.EngineVersion,
      DBClusterIdentifier: cluster.DBClusterIdentifier,
    },
    cluster.DbClusterResourceId,
  );
  cluster.DBClusterMembers.push({
    DBInstanceIdentifier: instance.DBInstanceIdentifier,
    IsClusterWriter: cluster.DBClusterMembers.length === 0,
    DBClusterParameterGroupStatus: 'in-sync',
    PromotionTier: seed.PromotionTier ?? 1,
  });
  return instance;
}

/** Adds a custom reader endpoint to a cluster. */
export function makeCustomEndpoint(rds: ControlPlane, cluster: Cluster, name: string) {
  const endpoint = {
    DBClusterEndpointIdentifier: name,
    DBClusterEndpointResourceIdentifier: rds.names.customEndpointId(),
    DBClusterEndpointArn: rds.names.arn('cluster-endpoint', name),
    DBClusterIdentifier: cluster.DBClusterIdentifier,
    Status: 'available',
    EndpointType: 'CUSTOM',
    CustomEndpointType: 'READER',
    StaticMembers: [],
    ExcludedMembers: [],
  };
  addressCustomEndpoint(rds.dataPlane, endpoint);
  rds.world.customEndpoints.push(endpoint);
  return endpoint;
}
