import type { Request } from '../request/request.ts';

/** A field of DBInstance or DBCluster that is not compared as it stands, and why. */
type Exemption =
  /** Differs because they are two databases, or shows what a database is doing now. */
  | { own: string }
  /** The parity check compares it by a rule of its own; the name is that of `tests.allowDifferences`. */
  | { judged: string }
  /** RDS does not take it along; people are told before they approve. */
  | { told: string }
  /** Compared by what is left of it without a state or a time. */
  | { part: (value: unknown) => unknown };

const names = (field: string) => (value: unknown) =>
  asList(value)
    .map((one) => (one as Record<string, unknown>)[field])
    .toSorted();
const field = (name: string) => (value: unknown) => (value as Record<string, unknown> | undefined)?.[name];

const identity = { own: 'each database has its own' };
const now = { own: 'what it is doing now, or when it did something' };
const replication = { own: 'green replicates from blue' };
const moves = { own: 'where its hosts happen to be; a failover changes it' };

/** Of both. What stands in no list is compared as it is, so that a field that is new to AWS is seen. */
const shared: Record<string, Exemption> = {
  Engine: { own: 'RDS keeps it' },
  EngineVersion: { judged: 'engineVersion' },
  BackupRetentionPeriod: { judged: 'backupRetentionDays' },
  DeletionProtection: { judged: 'deletionProtection' },
  Endpoint: identity,
  TagList: { own: 'the cut gives green the tags of blue' },
  AssociatedRoles: {
    told: 'RDS does not attach the roles of blue to green: "Put back what was dropped" does after the cut',
  },
  PendingModifiedValues: {
    own: 'a change that waits for green is seen when it is done; for blue a precondition refuses it',
  },
  LatestRestorableTime: now,
  PercentProgress: now,
  StatusInfos: { own: 'judged with the readiness of green' },
  AutomaticRestartTime: now,
  ActivityStreamStatus: now,
  ActivityStreamKinesisStreamName: identity,
  AwsBackupRecoveryPointArn: identity,
  DBSystemId: identity,
  UpgradeRolloutOrder: { own: 'when AWS upgrades it, which AWS decides' },
  VpcSecurityGroups: { part: names('VpcSecurityGroupId') },
  DomainMemberships: { part: names('Domain') },
  EnabledCloudwatchLogsExports: { part: (value) => asList(value).toSorted() },
  CertificateDetails: { part: field('CAIdentifier') },
  MasterUserSecret: { own: 'a precondition refuses a password that RDS manages' },
};

/** DBInstance. */
export const instanceExemptions: Record<string, Exemption> = {
  ...shared,
  DBInstanceIdentifier: identity,
  DBInstanceArn: identity,
  DbiResourceId: identity,
  DBClusterIdentifier: identity,
  ListenerEndpoint: identity,
  EnhancedMonitoringResourceArn: identity,
  DBInstanceStatus: { own: 'judged with the readiness of green' },
  InstanceCreateTime: now,
  ResumeFullAutomationModeTime: now,
  ActivityStreamPolicyStatus: now,
  StorageOperationStatus: now,
  StorageOperationPercentProgress: now,
  StorageVolumeStatus: now,
  IsStorageConfigUpgradeAvailable: { own: 'a new storage layout is what green may have been built for' },
  DBInstanceClass: { judged: 'instanceClass' },
  AllocatedStorage: { judged: 'storageGiB' },
  MultiAZ: { judged: 'multiAz' },
  DBParameterGroups: { judged: 'parameterGroup' },
  ReadReplicaSourceDBInstanceIdentifier: replication,
  ReadReplicaSourceDBClusterIdentifier: replication,
  ReadReplicaDBInstanceIdentifiers: replication,
  ReadReplicaDBClusterIdentifiers: replication,
  ReplicaMode: replication,
  AvailabilityZone: moves,
  SecondaryAvailabilityZone: moves,
  DBInstanceAutomatedBackupsReplications: {
    told: 'RDS does not replicate the backups of green to another Region: set that up after the cut',
  },
  DBSubnetGroup: { part: field('DBSubnetGroupName') },
  DBSecurityGroups: { part: names('DBSecurityGroupName') },
  OptionGroupMemberships: { part: (value) => names('OptionGroupName')(value).map(withoutVersion) },
};

/** DBCluster. */
export const clusterExemptions: Record<string, Exemption> = {
  ...shared,
  DBClusterIdentifier: identity,
  DBClusterArn: identity,
  DbClusterResourceId: identity,
  // Of a cluster the port stands beside its address, of an instance inside it.
  Port: identity,
  ReaderEndpoint: identity,
  HostedZoneId: identity,
  CustomEndpoints: { own: 'they are members of the deployment, and each is compared by its pair' },
  CloneGroupId: identity,
  CrossAccountClone: identity,
  Status: { own: 'judged with the readiness of green' },
  ClusterCreateTime: now,
  EarliestRestorableTime: now,
  EarliestBacktrackTime: now,
  BacktrackConsumedChangeRecords: now,
  IOOptimizedNextAllowedModificationTime: now,
  Capacity: now,
  ServerlessV2PlatformVersion: { told: 'RDS gives a new cluster the newest platform' },
  ScalingConfigurationInfo: { own: 'of Aurora Serverless v1, which a precondition refuses' },
  DBClusterParameterGroup: { judged: 'parameterGroup' },
  DBClusterMembers: { judged: 'members' },
  AllocatedStorage: { own: 'Aurora allocates storage as it is used, and writes 1 here' },
  AvailabilityZones: moves,
  ReplicationSourceIdentifier: replication,
  ReadReplicaIdentifiers: replication,
  GlobalClusterIdentifier: { own: 'a precondition refuses a global cluster' },
  GlobalWriteForwardingStatus: now,
  LocalWriteForwardingStatus: now,
  DBClusterOptionGroupMemberships: {
    part: (value) => names('DBClusterOptionGroupName')(value).map(withoutVersion),
  },
};

/** Everything that RDS says of one database: a cluster or an instance. */
export interface Settings {
  id: string;
  kind: 'instance' | 'cluster';
  fields: Record<string, unknown>;
}

/** A field in which green is not as blue is. */
export interface SettingDifference {
  field: string;
  sentence: string;
  /** Asked for, or told to people because RDS does so. */
  wanted: boolean;
}

/**
 * Every field of a pair of databases that differs and is compared by no rule of its own.
 * @param asked values of the request, by field; what is asked for must be there, whatever blue has
 */
export function compareSettings(
  blue: Settings,
  green: Settings,
  asked: Record<string, unknown> = {},
): SettingDifference[] {
  const exemptions = blue.kind === 'cluster' ? clusterExemptions : instanceExemptions;
  const fields = new Set([...Object.keys(blue.fields), ...Object.keys(green.fields), ...Object.keys(asked)]);
  return [...fields].toSorted().flatMap((name) => {
    const exemption = exemptions[name];
    if (exemption && ('own' in exemption || 'judged' in exemption)) return [];
    const part = exemption && 'part' in exemption ? exemption.part : (value: unknown) => value;
    const [ours, theirs] = [part(blue.fields[name]), part(green.fields[name])];
    const wish = asked[name];
    if (wish !== undefined)
      return same(theirs, wish) && same(ours, wish) ? [] : [describeAsked(name, blue, green, wish)];
    if (same(ours, theirs)) return [];
    const told = exemption && 'told' in exemption ? exemption.told : undefined;
    return [describe(name, blue, green, told)];
  });
}

function describeAsked(name: string, blue: Settings, green: Settings, wish: unknown): SettingDifference {
  const { sentence } = describe(name, blue, green, undefined);
  return {
    field: name,
    wanted: same(green.fields[name], wish),
    sentence: `${sentence}, wanted is ${show(wish)}`,
  };
}

function describe(
  name: string,
  blue: Settings,
  green: Settings,
  told: string | undefined,
): SettingDifference {
  const sentence = `${name} of ${green.id} is ${show(green.fields[name])}, of ${blue.id} ${show(blue.fields[name])}`;
  return { field: name, wanted: told !== undefined, sentence: told ? `${sentence}. ${told}` : sentence };
}

/** What the request asks of the storage of green's primary, by the names of RDS. */
export function askedStorage({ storage }: Request['target']): Record<string, unknown> {
  return given({ StorageType: storage?.type, Iops: storage?.iops, StorageThroughput: storage?.throughput });
}

/** RDS leaves empty lists and texts out, or gives them, for one database and for another. */
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(canonical).join()}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .map(([key, one]) => ({ key, one: canonical(one) }))
    .filter(({ one }) => one !== '')
    .map(({ key, one }) => `${key}:${one}`);
  return entries.length === 0 ? '' : `{${entries.toSorted().join()}}`;
}

const show = (value: unknown): string =>
  canonical(value) === '' ? 'not set' : canonical(value).slice(0, 200);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const given = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The default group of another major version: `default:postgres-17` for `default:postgres-16`. */
const withoutVersion = (group: unknown): unknown =>
  typeof group === 'string' && group.startsWith('default:') ? 'default' : group;
