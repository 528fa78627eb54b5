import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database } from '../../domain/model/deployment.ts';
import type { SourceTraits } from '../../domain/preconditions/facts.ts';
import { asTags, readCluster, readInstance, readInstancesOfCluster } from './read.ts';
import type { RawSide } from './side.ts';

/** The database that a request names, as RDS describes it. */
export interface Source {
  database: Database;
  raw: RawSide;
  tags: Record<string, string>;
  traits: SourceTraits;
}

/**
 * Finds the database of a request: an ARN says what it is, a bare name may be an instance's or a cluster's.
 * @param greens names of databases that replicate from it only because they are the green of a deployment
 */
export async function readSource(nameOrArn: string, greens: string[] = []): Promise<Source | undefined> {
  const [instance, cluster] = await Promise.all([
    nameOrArn.includes(':cluster:') ? undefined : readInstance(nameOrArn),
    nameOrArn.includes(':db:') ? undefined : readCluster(nameOrArn),
  ]);
  if (cluster) return readClusterSource(cluster, instance);
  return instance && readInstanceSource(instance, greens);
}

async function readClusterSource(cluster: DBCluster, sameName: DBInstance | undefined): Promise<Source> {
  const id = cluster.DBClusterIdentifier ?? '';
  const instances = await readInstancesOfCluster(id);
  const unrelated = sameName && sameName.DBClusterIdentifier !== id;
  return {
    database: asDatabase('cluster', id, cluster.DBClusterArn, cluster.Engine),
    raw: { cluster, instances },
    tags: asTags(cluster.TagList),
    traits: {
      memberOfCluster: null,
      namesake: unrelated ? (sameName.DBInstanceArn ?? null) : null,
      serverlessV1: cluster.EngineMode === 'serverless',
      limitless: cluster.ClusterScalabilityType === 'limitless' || cluster.LimitlessDatabase !== undefined,
      globalCluster: cluster.GlobalClusterIdentifier || null,
      managedMasterPassword: cluster.MasterUserSecret !== undefined,
      replicaOf: cluster.ReplicationSourceIdentifier || null,
      replicas: cluster.ReadReplicaIdentifiers ?? [],
      cascading: [],
      pending: pendingOf([{ id, values: cluster.PendingModifiedValues }, ...instances.map(pendingValues)]),
      customOptionGroups: (cluster.DBClusterOptionGroupMemberships ?? [])
        .map(({ DBClusterOptionGroupName = '' }) => DBClusterOptionGroupName)
        .filter(isCustomOptionGroup),
    },
  };
}

async function readInstanceSource(primary: DBInstance, greens: string[]): Promise<Source> {
  const id = primary.DBInstanceIdentifier ?? '';
  const names = replicasOf(primary).filter((name) => !greens.includes(name));
  // A replica in another Region is listed by its ARN; a rule refuses those, so they need not be read.
  const read = await Promise.all(names.filter((name) => !name.startsWith('arn:')).map(readInstance));
  const replicas = read.filter((replica) => replica !== undefined);
  const instances = [primary, ...replicas];
  return {
    database: asDatabase('instance', id, primary.DBInstanceArn, primary.Engine),
    raw: { instances },
    tags: asTags(primary.TagList),
    traits: {
      memberOfCluster: primary.DBClusterIdentifier ?? null,
      namesake: null,
      serverlessV1: false,
      limitless: false,
      globalCluster: null,
      managedMasterPassword: primary.MasterUserSecret !== undefined,
      replicaOf:
        primary.ReadReplicaSourceDBInstanceIdentifier || primary.ReadReplicaSourceDBClusterIdentifier || null,
      replicas: [...names, ...(primary.ReadReplicaDBClusterIdentifiers ?? [])],
      cascading: replicas
        .map((replica) => ({ replica: replica.DBInstanceIdentifier ?? '', replicas: replicasOf(replica) }))
        .filter((replica) => replica.replicas.length > 0),
      pending: pendingOf(instances.map(pendingValues)),
      customOptionGroups: instances
        .flatMap(({ OptionGroupMemberships = [] }) => OptionGroupMemberships)
        .map(({ OptionGroupName = '' }) => OptionGroupName)
        .filter(isCustomOptionGroup),
    },
  };
}

/** `arn:aws:rds:REGION:ACCOUNT:db:NAME` */
function asDatabase(kind: Database['kind'], id: string, arn = '', engine = ''): Database {
  const [, , , region = '', account = ''] = arn.split(':');
  return { kind, id, arn, engine, account, region };
}

const replicasOf = (instance: DBInstance) => instance.ReadReplicaDBInstanceIdentifiers ?? [];
const isCustomOptionGroup = (name: string) => !name.startsWith('default:');

const pendingValues = (instance: DBInstance) => ({
  id: instance.DBInstanceIdentifier ?? '',
  values: instance.PendingModifiedValues,
});

function pendingOf(databases: { id: string; values: object | undefined }[]): SourceTraits['pending'] {
  return databases
    .map(({ id, values }) => ({
      id,
      fields: Object.entries(values ?? {})
        .filter(isGiven)
        .map(([name]) => name),
    }))
    .filter(({ fields }) => fields.length > 0);
}

/** Lists are given empty where nothing is pending. */
const isGiven = ([, value]: [string, unknown]) =>
  value !== undefined && !(Array.isArray(value) && value.length === 0);
