import type * as Rds from '@aws-sdk/client-rds';
import type { ControlPlane } from '../../rds/control-plane.ts';
import { nameFrom, parseArn, type ResourceKind } from '../../rds/world/naming.ts';
import {
  type Cluster,
  clusterById,
  clusterNamed,
  customEndpointById,
  type Deployment,
  type Instance,
  instanceById,
  instanceNamed,
  instancesOf,
} from '../../rds/world/world.ts';
import type { Context, Question } from '../policy.ts';

/**
 * What the operations of RDS need, dependent actions included.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html and, for deployments,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments-authorizing-access.html
 *
 * Assumed, because no document says it: dependent actions are asked of the resources that the call changes, with the tags that these have
 * at that moment; a deletion of the record alone deletes no database, so it asks for no right to delete one, unless
 * `recordAsksToDelete` is set.
 */
export class RdsQuestions {
  readonly #rds: ControlPlane;
  /** Deleting a record asks for every dependent action, of old blue and new production, as a reader of the guide may understand it. */
  recordAsksToDelete = false;

  constructor(rds: ControlPlane) {
    this.#rds = rds;
  }

  /** @throws on an operation that has no row here */
  // biome-ignore lint/suspicious/noExplicitAny: each row names the SDK's type of its own input
  of(operation: string, input: any): Question[] {
    const row = this.#rows[operation];
    if (!row) throw new Error(`The local IAM does not know what ${operation} of RDS asks for: add its row.`);
    return row(input);
  }

  get operations(): string[] {
    return Object.keys(this.#rows);
  }

  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly #rows: Record<string, (input: any) => Question[]> = {
    AddRoleToDBCluster: ({ DBClusterIdentifier, RoleArn }: Rds.AddRoleToDBClusterMessage) => [
      this.#on('AddRoleToDBCluster', this.#arn('cluster', DBClusterIdentifier)),
      ...passRole(RoleArn, 'rds.amazonaws.com'),
    ],
    AddRoleToDBInstance: ({ DBInstanceIdentifier, RoleArn }: Rds.AddRoleToDBInstanceMessage) => [
      this.#on('AddRoleToDBInstance', this.#arn('db', DBInstanceIdentifier)),
      ...passRole(RoleArn, 'rds.amazonaws.com'),
    ],
    AddTagsToResource: ({ ResourceName, Tags }: Rds.AddTagsToResourceMessage) => [
      this.#tagging(ResourceName ?? '', Tags),
    ],
    AddSourceIdentifierToSubscription: ({
      SubscriptionName,
    }: Rds.AddSourceIdentifierToSubscriptionMessage) => [
      this.#on('AddSourceIdentifierToSubscription', this.#arn('es', SubscriptionName)),
    ],
    CreateBlueGreenDeployment: (input: Rds.CreateBlueGreenDeploymentRequest) => this.#create(input),
    CreateDBClusterSnapshot: ({
      DBClusterIdentifier,
      DBClusterSnapshotIdentifier: id,
      Tags,
    }: Rds.CreateDBClusterSnapshotMessage) => {
      const snapshot = this.#arn('cluster-snapshot', id);
      return [
        this.#on('CreateDBClusterSnapshot', this.#arn('cluster', DBClusterIdentifier), requestTags(Tags)),
        this.#on('CreateDBClusterSnapshot', snapshot, requestTags(Tags)),
        ...this.#taggingWith(snapshot, Tags),
        ...this.#keys(this.#cluster(DBClusterIdentifier)),
      ];
    },
    CreateDBInstance: (input: Rds.CreateDBInstanceMessage) => this.#createInstance(input),
    CreateDBSnapshot: ({
      DBInstanceIdentifier,
      DBSnapshotIdentifier: id,
      Tags,
    }: Rds.CreateDBSnapshotMessage) => {
      const snapshot = this.#arn('snapshot', id);
      return [
        this.#on('CreateDBSnapshot', this.#arn('db', DBInstanceIdentifier), requestTags(Tags)),
        this.#on('CreateDBSnapshot', snapshot, requestTags(Tags)),
        ...this.#taggingWith(snapshot, Tags),
        ...this.#keys(this.#instance(DBInstanceIdentifier)),
      ];
    },
    DeleteBlueGreenDeployment: (input: Rds.DeleteBlueGreenDeploymentRequest) => this.#deleteDeployment(input),
    DeleteDBCluster: ({ DBClusterIdentifier }: Rds.DeleteDBClusterMessage) => [
      this.#on('DeleteDBCluster', this.#arn('cluster', DBClusterIdentifier)),
    ],
    DeleteDBInstance: ({ DBInstanceIdentifier }: Rds.DeleteDBInstanceMessage) => [
      this.#on('DeleteDBInstance', this.#arn('db', DBInstanceIdentifier)),
    ],
    // Asked of the cluster alone, as AWS's own policy of the Fault Injection Service has it (AWSFaultInjectionSimulatorRDSAccess).
    FailoverDBCluster: ({ DBClusterIdentifier }: Rds.FailoverDBClusterMessage) => [
      this.#on('FailoverDBCluster', this.#arn('cluster', DBClusterIdentifier)),
    ],
    ModifyDBCluster: (input: Rds.ModifyDBClusterMessage) => [
      this.#on('ModifyDBCluster', this.#arn('cluster', input.DBClusterIdentifier), modification(input)),
    ],
    ModifyDBInstance: (input: Rds.ModifyDBInstanceMessage) => [
      this.#on('ModifyDBInstance', this.#arn('db', input.DBInstanceIdentifier), modification(input)),
    ],
    ModifyDBParameterGroup: ({ DBParameterGroupName = '' }: Rds.ModifyDBParameterGroupMessage) => [
      this.#on('ModifyDBParameterGroup', this.#arn('pg', DBParameterGroupName)),
    ],
    ListTagsForResource: ({ ResourceName }: Rds.ListTagsForResourceMessage) => [
      this.#on('ListTagsForResource', ResourceName ?? ''),
    ],
    RebootDBInstance: ({ DBInstanceIdentifier }: Rds.RebootDBInstanceMessage) => [
      this.#on('RebootDBInstance', this.#arn('db', DBInstanceIdentifier)),
    ],
    RemoveTagsFromResource: ({ ResourceName, TagKeys = [] }: Rds.RemoveTagsFromResourceMessage) => [
      this.#on('RemoveTagsFromResource', ResourceName ?? '', { 'aws:TagKeys': TagKeys }),
    ],
    RestoreDBClusterToPointInTime: (input: Rds.RestoreDBClusterToPointInTimeMessage) => this.#clone(input),
    RestoreDBInstanceToPointInTime: (input: Rds.RestoreDBInstanceToPointInTimeMessage) =>
      this.#restore(input),
    SwitchoverBlueGreenDeployment: (input: Rds.SwitchoverBlueGreenDeploymentRequest) =>
      this.#switchOver(input),

    DescribeAccountAttributes: () => [everywhere('DescribeAccountAttributes')],
    DescribeBlueGreenDeployments: this.#reads(
      'DescribeBlueGreenDeployments',
      ['deployment'],
      'BlueGreenDeploymentIdentifier',
    ),
    DescribeDBClusterEndpoints: this.#reads(
      'DescribeDBClusterEndpoints',
      ['cluster-endpoint'],
      'DBClusterEndpointIdentifier',
    ),
    DescribeDBClusterParameterGroups: this.#reads(
      'DescribeDBClusterParameterGroups',
      ['cluster-pg'],
      'DBClusterParameterGroupName',
    ),
    DescribeDBClusterParameters: this.#reads(
      'DescribeDBClusterParameters',
      ['cluster-pg'],
      'DBClusterParameterGroupName',
    ),
    DescribeDBClusterSnapshots: (input: Rds.DescribeDBClusterSnapshotsMessage) => [
      this.#on('DescribeDBClusterSnapshots', this.#arn('cluster', input.DBClusterIdentifier ?? '*')),
      this.#on(
        'DescribeDBClusterSnapshots',
        this.#arn('cluster-snapshot', input.DBClusterSnapshotIdentifier ?? '*'),
      ),
    ],
    DescribeDBClusters: this.#reads('DescribeDBClusters', ['cluster'], 'DBClusterIdentifier'),
    DescribeDBEngineVersions: () => [everywhere('DescribeDBEngineVersions')],
    DescribeDBInstances: this.#reads('DescribeDBInstances', ['db'], 'DBInstanceIdentifier'),
    DescribeDBParameterGroups: this.#reads('DescribeDBParameterGroups', ['pg'], 'DBParameterGroupName'),
    DescribeDBParameters: this.#reads('DescribeDBParameters', ['pg'], 'DBParameterGroupName'),
    DescribeDBProxies: () => [everywhere('DescribeDBProxies')],
    DescribeDBProxyTargets: () => [everywhere('DescribeDBProxyTargets')],
    DescribeDBSnapshots: (input: Rds.DescribeDBSnapshotsMessage) => [
      this.#on('DescribeDBSnapshots', this.#arn('db', input.DBInstanceIdentifier ?? '*')),
      this.#on('DescribeDBSnapshots', this.#arn('snapshot', input.DBSnapshotIdentifier ?? '*')),
    ],
    DescribeEvents: () => [everywhere('DescribeEvents')],
    DescribeEventSubscriptions: this.#reads('DescribeEventSubscriptions', ['es'], 'SubscriptionName'),
    DescribeGlobalClusters: () => [everywhere('DescribeGlobalClusters')],
    DescribeIntegrations: () => [everywhere('DescribeIntegrations')],
    DescribeOrderableDBInstanceOptions: () => [everywhere('DescribeOrderableDBInstanceOptions')],
    DescribePendingMaintenanceActions: (input: Rds.DescribePendingMaintenanceActionsMessage) => [
      this.#on('DescribePendingMaintenanceActions', input.ResourceIdentifier ?? this.#arn('db', '*')),
    ],
  };

  /** Without a name a listing asks for every resource of the kind. */
  #reads(operation: string, kinds: ResourceKind[], member: string) {
    return (input: Record<string, string | undefined>): Question[] =>
      kinds.map((kind) => this.#on(operation, this.#arn(kind, input[member] ?? '*')));
  }

  #create({
    Source = '',
    Tags,
    TargetDBParameterGroupName,
    TargetDBClusterParameterGroupName,
  }: Rds.CreateBlueGreenDeploymentRequest): Question[] {
    const context = requestTags(Tags);
    const deployment = this.#arn('deployment', '*');
    const groups = [
      ...(TargetDBParameterGroupName ? [this.#arn('pg', TargetDBParameterGroupName)] : []),
      ...(TargetDBClusterParameterGroupName
        ? [this.#arn('cluster-pg', TargetDBClusterParameterGroupName)]
        : []),
    ];
    const asked = [deployment, Source, ...groups].map((arn) =>
      this.#on('CreateBlueGreenDeployment', arn, context),
    );
    return [...asked, ...this.#taggingWith(deployment, Tags), ...this.#buildGreen(Source)];
  }

  /** Green gets names that nobody knows beforehand, and the tags of blue: not tags of the request. */
  #buildGreen(source: string): Question[] {
    const { kind, name = '' } = parseArn(source) ?? {};
    const cluster = kind === 'cluster' ? this.#cluster(name) : undefined;
    const instances = cluster ? instancesOf(this.#rds.world, cluster) : [this.#instance(name) ?? []].flat();
    const endpoints = this.#rds.world.customEndpoints.some(
      ({ DBClusterIdentifier }) => DBClusterIdentifier === name,
    );
    return [
      ...(cluster
        ? [
            this.#on('CreateDBCluster', this.#arn('cluster', '*')),
            ...this.#inherit('cluster', cluster),
            ...this.#keys(cluster),
          ]
        : []),
      ...instances.flatMap((instance) => [
        this.#on(cluster ? 'CreateDBInstance' : 'CreateDBInstanceReadReplica', this.#arn('db', '*')),
        ...(cluster ? [] : [this.#on('CreateDBInstance', this.#arn('db', '*'))]),
        ...this.#inherit('db', instance),
        ...this.#keys(instance),
        ...passRole(instance.MonitoringRoleArn, 'monitoring.rds.amazonaws.com'),
      ]),
      ...(cluster && endpoints
        ? [this.#on('CreateDBClusterEndpoint', this.#arn('cluster-endpoint', '*'))]
        : []),
    ];
  }

  #inherit(kind: ResourceKind, { TagList }: Instance | Cluster): Question[] {
    return TagList.length === 0 ? [] : [this.#tagging(this.#arn(kind, '*'), TagList, 'false')];
  }

  #switchOver({ BlueGreenDeploymentIdentifier: id }: Rds.SwitchoverBlueGreenDeploymentRequest): Question[] {
    const deployment = this.#deployment(id);
    return [
      this.#on('SwitchoverBlueGreenDeployment', this.#arn('deployment', id)),
      ...this.#members(deployment, 'blue').flatMap((member) => this.#renames(member)),
      ...this.#members(deployment, 'green').flatMap((member) => [
        ...this.#renames(member),
        ...this.#promotes(member),
      ]),
    ];
  }

  #deleteDeployment({
    BlueGreenDeploymentIdentifier: id,
    DeleteTarget,
  }: Rds.DeleteBlueGreenDeploymentRequest): Question[] {
    const deployment = this.#deployment(id);
    const asked = this.#on('DeleteBlueGreenDeployment', this.#arn('deployment', id));
    const green = this.#members(deployment, 'green');
    if (DeleteTarget) {
      const endpoints = deployment?.members.filter(({ kind }) => kind === 'cluster-endpoint') ?? [];
      return [
        asked,
        ...green.flatMap((member) => this.#deletes(member)),
        ...endpoints.flatMap(({ green: one }) => {
          const arn = customEndpointById(this.#rds.world, one)?.DBClusterEndpointArn;
          return arn ? [this.#on('DeleteDBClusterEndpoint', arn)] : [];
        }),
      ];
    }
    const promoted = deployment?.switched ? [] : green.flatMap((member) => this.#promotes(member));
    const deleted = this.recordAsksToDelete
      ? [
          ...this.#members(deployment, 'blue').flatMap((member) => this.#deletes(member)),
          ...green.flatMap((member) => this.#promotes(member)),
        ]
      : [];
    return [asked, ...promoted, ...deleted];
  }

  #createInstance({
    DBInstanceIdentifier,
    DBClusterIdentifier,
    DBParameterGroupName,
    MonitoringRoleArn,
    Tags,
  }: Rds.CreateDBInstanceMessage): Question[] {
    const instance = this.#arn('db', DBInstanceIdentifier);
    const resources = [
      instance,
      ...(DBClusterIdentifier ? [this.#arn('cluster', DBClusterIdentifier)] : []),
      ...(DBParameterGroupName ? [this.#arn('pg', DBParameterGroupName)] : []),
    ];
    return [
      ...resources.map((arn) => this.#on('CreateDBInstance', arn, requestTags(Tags))),
      ...this.#taggingWith(instance, Tags),
      ...passRole(MonitoringRoleArn, 'monitoring.rds.amazonaws.com'),
      ...this.#keys(this.#cluster(DBClusterIdentifier)),
    ];
  }

  #clone({
    DBClusterIdentifier,
    SourceDBClusterIdentifier,
    DBClusterParameterGroupName,
    Tags,
  }: Rds.RestoreDBClusterToPointInTimeMessage): Question[] {
    const clone = this.#arn('cluster', DBClusterIdentifier);
    const resources = [
      clone,
      this.#arn('cluster', SourceDBClusterIdentifier),
      ...(DBClusterParameterGroupName ? [this.#arn('cluster-pg', DBClusterParameterGroupName)] : []),
    ];
    return [
      ...resources.map((arn) => this.#on('RestoreDBClusterToPointInTime', arn, requestTags(Tags))),
      ...this.#taggingWith(clone, Tags),
      ...this.#keys(this.#cluster(SourceDBClusterIdentifier)),
    ];
  }

  #restore({
    TargetDBInstanceIdentifier,
    SourceDBInstanceIdentifier,
    DBParameterGroupName,
    Tags,
  }: Rds.RestoreDBInstanceToPointInTimeMessage): Question[] {
    const restored = this.#arn('db', TargetDBInstanceIdentifier);
    const resources = [
      restored,
      this.#arn('db', SourceDBInstanceIdentifier),
      ...(DBParameterGroupName ? [this.#arn('pg', DBParameterGroupName)] : []),
    ];
    return [
      ...resources.map((arn) => this.#on('RestoreDBInstanceToPointInTime', arn, requestTags(Tags))),
      ...this.#taggingWith(restored, Tags),
      ...this.#keys(this.#instance(SourceDBInstanceIdentifier)),
    ];
  }

  #renames(member: Instance | Cluster): Question[] {
    return [this.#on(isCluster(member) ? 'ModifyDBCluster' : 'ModifyDBInstance', arnOf(member))];
  }

  /** Instances of a cluster are promoted with it. */
  #promotes(member: Instance | Cluster): Question[] {
    if (isCluster(member)) return [this.#on('PromoteReadReplicaDBCluster', arnOf(member))];
    return member.DBClusterIdentifier ? [] : [this.#on('PromoteReadReplica', arnOf(member))];
  }

  #deletes(member: Instance | Cluster): Question[] {
    return [this.#on(isCluster(member) ? 'DeleteDBCluster' : 'DeleteDBInstance', arnOf(member))];
  }

  /** What RDS does with the key of an encrypted database, on behalf of the caller. */
  #keys(database: Instance | Cluster | undefined): Question[] {
    if (!database?.KmsKeyId) return [];
    const context = { 'kms:ViaService': `rds.${this.#rds.names.region}.amazonaws.com` };
    return ['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKey'].map((action) => ({
      action: `kms:${action}`,
      resource: database.KmsKeyId ?? '',
      context,
    }));
  }

  /** Tags that come with the call that makes the resource. */
  #taggingWith(arn: string, tags: Rds.Tag[] | undefined): Question[] {
    return tags?.length ? [this.#tagging(arn, tags)] : [];
  }

  #tagging(arn: string, tags: Rds.Tag[] | undefined, fromRequest: 'true' | 'false' = 'true'): Question {
    return this.#on('AddTagsToResource', arn, { ...requestTags(tags), 'rds:TagsFromRequest': fromRequest });
  }

  #on(operation: string, resource: string, context: Context = {}): Question {
    return { action: `rds:${operation}`, resource, context: { ...this.#resourceTags(resource), ...context } };
  }

  #resourceTags(arn: string): Context {
    return Object.fromEntries(
      this.#tagsOf(arn).map(({ Key, Value = '' }) => [`aws:ResourceTag/${Key}`, Value]),
    );
  }

  #tagsOf(text: string): Rds.Tag[] {
    const { kind, name = '' } = parseArn(text) ?? {};
    if (kind === 'db') return this.#instance(name)?.TagList ?? [];
    if (kind === 'cluster') return this.#cluster(name)?.TagList ?? [];
    if (kind === 'deployment') return this.#deployment(name)?.tags ?? [];
    // Of parameter groups, of which names of both levels may be alike.
    return this.#rds.world.parameterGroups.find((group) => group.arn === text)?.tags ?? [];
  }

  #arn(kind: ResourceKind, name = ''): string {
    return this.#rds.names.arn(kind, nameFrom(name, kind));
  }

  #instance(name = ''): Instance | undefined {
    return instanceNamed(this.#rds.world, nameFrom(name, 'db'));
  }

  #cluster(name = ''): Cluster | undefined {
    return clusterNamed(this.#rds.world, nameFrom(name, 'cluster'));
  }

  #deployment(id = ''): Deployment | undefined {
    return this.#rds.world.deployments.find((known) => known.id === id.toLowerCase());
  }

  #members(deployment: Deployment | undefined, side: 'blue' | 'green'): (Instance | Cluster)[] {
    return (deployment?.members ?? []).flatMap((member) => {
      if (member.kind === 'cluster') return clusterById(this.#rds.world, member[side]) ?? [];
      return member.kind === 'db' ? (instanceById(this.#rds.world, member[side]) ?? []) : [];
    });
  }
}

const isCluster = (member: Instance | Cluster): member is Cluster => 'DbClusterResourceId' in member;

const arnOf = (member: Instance | Cluster): string =>
  isCluster(member) ? member.DBClusterArn : member.DBInstanceArn;

const everywhere = (operation: string): Question => ({ action: `rds:${operation}`, resource: '*' });

function passRole(role: string | undefined, service: string): Question[] {
  if (!role) return [];
  return [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': service } }];
}

/** `aws:RequestTag/…` and `aws:TagKeys`, which are there only with tags. */
function requestTags(tags: Rds.Tag[] | undefined): Context {
  if (!tags?.length) return {};
  return {
    'aws:TagKeys': tags.map(({ Key = '' }) => Key),
    ...Object.fromEntries(tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, Value])),
  };
}

/** The one thing in a modification that RDS has a condition key for and that we deny. */
function modification({
  ManageMasterUserPassword,
}: {
  ManageMasterUserPassword?: boolean | undefined;
}): Context {
  if (ManageMasterUserPassword === undefined) return {};
  return { 'rds:ManageMasterUserPassword': String(ManageMasterUserPassword) };
}
