import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import type {
  BlueGreenDeploymentTask,
  CreateBlueGreenDeploymentCommandInput,
  DBCluster,
  DBClusterEndpoint,
  DBClusterSnapshot,
  DBInstance,
  DBProxy,
  DBProxyTarget,
  DBSnapshot,
  EventSubscription,
  GlobalCluster,
  Integration,
  ResourcePendingMaintenanceActions,
  Tag,
} from '@aws-sdk/client-rds';

/** An instance as RDS describes it, and the database behind it (several instances of a cluster share one). */
export interface Instance extends DBInstance {
  DBInstanceIdentifier: string;
  DbiResourceId: string;
  DBInstanceArn: string;
  DBInstanceStatus: string;
  DBInstanceClass: string;
  Engine: string;
  EngineVersion: string;
  TagList: Tag[];
  /** Resource id in the data plane. A reader leads to its writer's database: that it refuses writes is not modelled. */
  database: string;
}

export interface Cluster extends DBCluster {
  DBClusterIdentifier: string;
  DbClusterResourceId: string;
  DBClusterArn: string;
  Status: string;
  Engine: string;
  EngineVersion: string;
  DBClusterParameterGroup: string;
  DBClusterMembers: Member[];
  TagList: Tag[];
}

export interface Member {
  DBInstanceIdentifier: string;
  IsClusterWriter: boolean;
  DBClusterParameterGroupStatus: string;
  PromotionTier: number;
}

export interface CustomEndpoint extends DBClusterEndpoint {
  DBClusterEndpointIdentifier: string;
  DBClusterEndpointResourceIdentifier: string;
  DBClusterEndpointArn: string;
  DBClusterIdentifier: string;
}

export interface ParameterGroup {
  name: string;
  family: string;
  arn: string;
  level: 'instance' | 'cluster';
  /** Values set by the user; everything else has the engine's default. */
  parameters: Record<string, string>;
  tags: Tag[];
}

/** One row of a deployment: an instance, a cluster or a custom endpoint, followed by resource id through the renames. */
export interface DeploymentMember {
  kind: 'db' | 'cluster' | 'cluster-endpoint';
  blue: string;
  green: string | undefined;
  /** Kept for the time after a side was deleted. */
  blueArn: string;
  greenArn: string | undefined;
  status: string | undefined;
}

export interface Deployment {
  id: string;
  name: string;
  arn: string;
  request: CreateBlueGreenDeploymentCommandInput;
  engine: string;
  /** The first row is the source itself. */
  members: [DeploymentMember, ...DeploymentMember[]];
  tasks: BlueGreenDeploymentTask[];
  status: string;
  statusDetails: string | undefined;
  createTime: Date;
  deleteTime: Date | undefined;
  tags: Tag[];
  /** True from the moment at which green carries blue's names. */
  switched: boolean;
}

/** What Application Auto Scaling keeps under the name of a cluster. */
export type ScalableTarget = Scaling.ScalableTarget & {
  ResourceId: string;
  policies: Scaling.ScalingPolicy[];
  schedules: Scaling.ScheduledAction[];
};

/** Everything that the API shows, as plain data: a copy of it is what a stale read sees. */
export interface World {
  instances: Instance[];
  clusters: Cluster[];
  customEndpoints: CustomEndpoint[];
  deployments: Deployment[];
  snapshots: (DBSnapshot & { DBSnapshotIdentifier: string; TagList: Tag[] })[];
  clusterSnapshots: (DBClusterSnapshot & { DBClusterSnapshotIdentifier: string; TagList: Tag[] })[];
  parameterGroups: ParameterGroup[];
  proxies: (DBProxy & { DBProxyName: string; targets: DBProxyTarget[] })[];
  integrations: Integration[];
  globalClusters: GlobalCluster[];
  maintenance: ResourcePendingMaintenanceActions[];
  eventSubscriptions: (EventSubscription & { CustSubscriptionId: string; SourceIdsList: string[] })[];
  scaling: ScalableTarget[];
  /** Maximum by quota name; what is used is counted. */
  quotas: Record<string, number>;
}

export function emptyWorld(): World {
  return {
    instances: [],
    clusters: [],
    customEndpoints: [],
    deployments: [],
    snapshots: [],
    clusterSnapshots: [],
    parameterGroups: [],
    proxies: [],
    integrations: [],
    globalClusters: [],
    maintenance: [],
    eventSubscriptions: [],
    scaling: [],
    quotas: {
      DBInstances: 40,
      AllocatedStorage: 100_000,
      DBClusters: 40,
      DBParameterGroups: 50,
      DBClusterParameterGroups: 50,
      ManualSnapshots: 100,
      ManualClusterSnapshots: 100,
      ReadReplicasPerMaster: 15,
      CustomEndpointsPerDBCluster: 5,
    },
  };
}

export const isAurora = (engine: string): boolean => engine.startsWith('aurora');
export const isPostgres = (engine: string): boolean =>
  engine.endsWith('postgres') || engine.endsWith('postgresql');

export const instanceNamed = (world: World, name: string) =>
  world.instances.find((instance) => instance.DBInstanceIdentifier === name);
export const clusterNamed = (world: World, name: string) =>
  world.clusters.find((cluster) => cluster.DBClusterIdentifier === name);
export const instanceById = (world: World, id: string | undefined) =>
  findById(world.instances, id, ({ DbiResourceId }) => DbiResourceId);
export const clusterById = (world: World, id: string | undefined) =>
  findById(world.clusters, id, ({ DbClusterResourceId }) => DbClusterResourceId);
export const customEndpointById = (world: World, id: string | undefined) =>
  findById(
    world.customEndpoints,
    id,
    ({ DBClusterEndpointResourceIdentifier }) => DBClusterEndpointResourceIdentifier,
  );

/** Where a resource of this id stood last in its list. A list of a thousand deployments asks for thousands of resources. */
const places = new WeakMap<object, Map<string, number>>();

function findById<T>(all: T[], id: string | undefined, idOf: (one: T) => string | undefined): T | undefined {
  if (id === undefined) return undefined;
  const known = places.get(all) ?? new Map<string, number>();
  places.set(all, known);
  const there = all[known.get(id) ?? -1];
  if (there !== undefined && idOf(there) === id) return there;
  const place = all.findIndex((one) => idOf(one) === id);
  if (place >= 0) known.set(id, place);
  return all[place];
}

/** Instances of a cluster, in the order of its members. */
export function instancesOf(world: World, cluster: Cluster): Instance[] {
  return cluster.DBClusterMembers.flatMap(
    (member) => instanceNamed(world, member.DBInstanceIdentifier) ?? [],
  );
}

/** The deployment before its switchover that an instance, cluster or endpoint belongs to, as blue or as green. */
export function openDeploymentOf(world: World, resourceId: string): Deployment | undefined {
  return world.deployments.find(
    ({ members, switched }) =>
      !switched && members.some(({ blue, green }) => blue === resourceId || green === resourceId),
  );
}
