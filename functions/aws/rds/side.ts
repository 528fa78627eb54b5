import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database, Deployment, Member, Side } from '../../domain/model/deployment.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import {
  readCluster,
  readClusterByResourceId,
  readInstances,
  readInstancesByResourceId,
  readInstancesOfCluster,
} from './read.ts';

/** One side as RDS describes it: the cluster and its instances, or the primary and its replicas. */
export interface RawSide {
  cluster?: DBCluster;
  /** Of an instance deployment the primary comes first. */
  instances: DBInstance[];
}

/**
 * A side by the names that it has now.
 * @param name of the cluster or of the primary
 * @param replicas names of the primary's replicas that belong to the side
 * @returns undefined when the cluster or the primary does not exist; a replica that does not is left out
 */
export async function readSideByName(
  kind: Database['kind'],
  name: string,
  replicas: string[] = [],
): Promise<RawSide | undefined> {
  if (kind === 'cluster') return withInstances(await readCluster(name));
  const [primary, ...others] = await readInstances([name, ...replicas]);
  return primary && { instances: [primary, ...others.filter((other) => other !== undefined)] };
}

/** A side that was read before, by resource id, whatever it is called now. What is gone is left out. */
export async function readSideAgain(
  kind: Database['kind'],
  side: Pick<Side, 'resourceId' | 'members'>,
): Promise<RawSide | undefined> {
  if (kind === 'cluster') return withInstances(await readClusterByResourceId(side.resourceId));
  const found = await readInstancesByResourceId(side.members.map(({ resourceId }) => resourceId));
  const primary = found.find(({ DbiResourceId }) => DbiResourceId === side.resourceId);
  return primary && { instances: [primary, ...found.filter((instance) => instance !== primary)] };
}

/**
 * One side as it is now, found by its resource id. `target`: what production goes back to.
 * @throws UnexpectedState when it is not there
 */
export async function readSide(
  { database, ...sides }: Pick<Deployment, 'database' | 'blue' | 'green' | 'clone'>,
  which: 'blue' | 'green' | 'target',
): Promise<Side> {
  const known = which === 'target' ? targetOf(sides) : sides[which];
  const raw = known && (await readSideAgain(database.kind, known));
  if (!raw) throw new UnexpectedState(`${which} (${known?.resourceId ?? 'unknown'}) is not there`);
  return asSide(raw);
}

/** Every known side of a deployment as it is now; one that is gone stays as it was. */
export async function readSidesAgain(deployment: Deployment): Promise<Deployment> {
  const { database, blue, green, clone } = deployment;
  const again = async <Name extends string>(name: Name, known: Side | undefined) => {
    const raw = known && (await readSideAgain(database.kind, known));
    return raw ? { [name]: asSide(raw) } : {};
  };
  const [blueNow, greenNow, cloneNow] = await Promise.all([
    again('blue', blue),
    again('green', green),
    again('clone', clone),
  ]);
  return { ...deployment, ...blueNow, ...greenNow, ...cloneNow };
}

async function withInstances(cluster: DBCluster | undefined): Promise<RawSide | undefined> {
  return cluster && { cluster, instances: await readInstancesOfCluster(cluster.DBClusterIdentifier ?? '') };
}

/** The facts of a side that a run keeps. A field that RDS left out is empty, which passes no gate. */
export function asSide({ cluster, instances }: RawSide): Side {
  const members = instances.map((instance, index) =>
    cluster ? clusterMember(cluster, instance) : instanceMember(instance, index === 0),
  );
  return cluster ? clusterSide(cluster, members) : instanceSide(instances, members);
}

function clusterSide(cluster: DBCluster, members: Member[]): Side {
  return {
    id: cluster.DBClusterIdentifier ?? '',
    arn: cluster.DBClusterArn ?? '',
    resourceId: cluster.DbClusterResourceId ?? '',
    status: cluster.Status ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    endpoint: address(cluster.Endpoint, cluster.Port),
    parameterGroup: cluster.DBClusterParameterGroup ?? '',
    storageGiB: null,
    maxStorageGiB: null,
    backupRetentionDays: cluster.BackupRetentionPeriod ?? 0,
    deletionProtection: cluster.DeletionProtection ?? false,
    replicas: cluster.ReadReplicaIdentifiers ?? [],
    members,
  };
}

function instanceSide(instances: DBInstance[], members: Member[]): Side {
  const [primary = {}] = instances;
  return {
    id: primary.DBInstanceIdentifier ?? '',
    arn: primary.DBInstanceArn ?? '',
    resourceId: primary.DbiResourceId ?? '',
    status: primary.DBInstanceStatus ?? '',
    engineVersion: primary.EngineVersion ?? '',
    endpoint: address(primary.Endpoint?.Address, primary.Endpoint?.Port),
    parameterGroup: primary.DBParameterGroups?.[0]?.DBParameterGroupName ?? '',
    storageGiB: primary.AllocatedStorage ?? null,
    maxStorageGiB: primary.MaxAllocatedStorage ?? null,
    backupRetentionDays: primary.BackupRetentionPeriod ?? 0,
    deletionProtection: primary.DeletionProtection ?? false,
    replicas: instances.flatMap(replicasOf),
    members,
  };
}

/** The instance that takes writes: the writer of a cluster, or the primary; undefined where none is shown. */
export function findWriter({ cluster, instances }: RawSide): DBInstance | undefined {
  if (!cluster) return instances[0];
  const row = cluster.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter);
  return (
    row && instances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === row.DBInstanceIdentifier)
  );
}

/** What replicates from an instance: names in the same Region, ARNs of others. */
export function replicasOf({
  ReadReplicaDBInstanceIdentifiers: instances = [],
  ReadReplicaDBClusterIdentifiers: clusters = [],
}: DBInstance): string[] {
  return [...instances, ...clusters];
}

function clusterMember(cluster: DBCluster, instance: DBInstance): Member {
  const row = cluster.DBClusterMembers?.find(
    ({ DBInstanceIdentifier }) => DBInstanceIdentifier === instance.DBInstanceIdentifier,
  );
  const member = instanceMember(instance, row?.IsClusterWriter ?? false);
  const ofCluster = row?.DBClusterParameterGroupStatus ?? '';
  // One field for two groups: the one that is not in sync is the one that matters.
  return member.parameterGroupStatus === 'in-sync' ? { ...member, parameterGroupStatus: ofCluster } : member;
}

function instanceMember(instance: DBInstance, writer: boolean): Member {
  const group = instance.DBParameterGroups?.[0];
  return {
    id: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn ?? '',
    resourceId: instance.DbiResourceId ?? '',
    status: instance.DBInstanceStatus ?? '',
    role: writer ? 'writer' : 'reader',
    instanceClass: instance.DBInstanceClass ?? '',
    engineVersion: instance.EngineVersion ?? '',
    multiAz: instance.MultiAZ ?? false,
    ...(instance.AvailabilityZone && { zone: instance.AvailabilityZone }),
    parameterGroup: group?.DBParameterGroupName ?? '',
    parameterGroupStatus: group?.ParameterApplyStatus ?? '',
    deletionProtection: instance.DeletionProtection ?? false,
    replicaOf: replicaOf(instance),
  };
}

/** What an instance replicates from; null: nothing. */
export function replicaOf(instance: DBInstance): string | null {
  return (
    instance.ReadReplicaSourceDBInstanceIdentifier || instance.ReadReplicaSourceDBClusterIdentifier || null
  );
}

/** Writer endpoint as `host:port`; empty while there is none. */
function address(host: string | undefined, port: number | undefined): string {
  return host ? `${host}:${port ?? ''}` : '';
}
