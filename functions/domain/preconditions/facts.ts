import type { AlarmReading } from '../bake/alarms.ts';
import type { MetricReading } from '../bake/baseline.ts';
import type { ProxyTarget } from '../close/proxies.ts';
import type { FileReading } from '../load-test/statement.ts';
import type { Database, Finding, Side } from '../model/deployment.ts';
import type { EngineId, Replication } from '../model/engine.ts';
import type { Reading } from '../model/reading.ts';
import type { Rehearsed } from '../on-copy/rehearsal.ts';
import type { ReadsSeen } from '../read-ramp/record.ts';
import type { Request } from '../request/request.ts';
import type { RecordSeen } from '../way-back/address.ts';
import type { SqlLook } from './by-sql/check.ts';

/**
 * Everything that the preconditions look at. The source itself must have been read (a source that was not found, or not
 * readable, ends the check before); each other input may be unreadable, and then the rules that need it say "unknown".
 */
export interface PreconditionFacts {
  request: Request;
  /** ARN of this run. */
  executionArn: string;
  /** Milliseconds since the epoch. */
  now: number;
  database: Database;
  /** Version that green is to have: that of the request, otherwise that of a green that is taken up, otherwise blue's. */
  targetVersion: string;
  replication: Replication;
  blue: Side;
  traits: SourceTraits;
  /** DescribeDBEngineVersions of blue's version: `ValidUpgradeTarget[].EngineVersion`. */
  upgradeTargets: Reading<string[]>;
  /** DescribeDBEngineVersions of the target version: `DBParameterGroupFamily`; null when RDS does not list the version. */
  targetFamily: Reading<string | null>;
  /** `target.parameterGroup` as RDS describes it; null when there is none of that name. Absent when none is requested. */
  targetParameterGroup?: Reading<ParameterGroup | null>;
  /** `target.clusterParameterGroup`, likewise. */
  targetClusterParameterGroup?: Reading<ParameterGroup | null>;
  /** Values of blue's group (`Side.parameterGroup`), by name; a parameter without a value has its engine's default. */
  blueParameters: Reading<Record<string, string | undefined>>;
  /** Deployments that RDS lists under our name or for this source, each once. */
  deployments: Reading<ExistingDeployment[]>;
  /**
   * What the database's tag `viridian:execution` names; null without the tag. `open` is null of what is no run of this state machine, which
   * nobody here can look at.
   */
  lock: Reading<{ executionArn: string; open: boolean | null } | null>;
  /** Clusters of the same `CloneGroupId`, without the source itself. Absent when it has none. */
  clones?: Reading<number>;
  /** What tells of which VPC `oldBlue.fenceSecurityGroup` is. Absent where no such group is named. */
  fence?: Reading<FenceSeen>;
  /** DescribeAccountAttributes. */
  quotas: Reading<Quota[]>;
  /** The alarms of `bake.alarms`, in that order. */
  alarms: AlarmReading[];
  /** The record of `wayBack.endpoint`. Absent when none is requested. */
  endpointRecord?: Reading<RecordSeen>;
  /** Databases that the stack may change: `all`, `tag:NAME=VALUE`, or names with commas between. */
  allowedDatabases: string;
  /** The newest rehearsal of this database that went through; null: there is none. Absent where nobody looked. */
  rehearsed?: Reading<Rehearsed | null>;
  /** Why a run that says to be on a copy is none; null: it is. Absent where the request does not say so. */
  copyRefused?: string | null;
  /** Tags of the source. */
  tags: Record<string, string>;
  /** Records that the stack may change, each as `HOSTED-ZONE-ID/name`. */
  changeableRecords: string[];
  /** Records by which the stack may lead readers, likewise. */
  readRampRecords: string[];
  /** The record of `readRamp`, where readers reach blue (empty: nowhere now), and whether they come to its writer. Absent when none is requested. */
  reads?: { seen: Reading<ReadsSeen>; host: string; alone: boolean };
  /** The hooks of the request, asked by the state machine itself whether it may invoke them. */
  hooks: HookAsked[];
  /** Confirmed subscriptions of the announcements; null: there is no such topic. Absent where no run asks. */
  announcements?: Reading<number | null>;
  /** Why a group would not hear its question, in sentences; null: there is no such topic. Absent when no approval is required. */
  unheard?: Reading<string[] | null>;
  /** The metrics that the bake compares, of blue's writer in the last hour. */
  bakeMetrics: MetricReading[];
  features: BlueFeatures;
  neighbours: Neighbours;
  /** Name of the parameter group that green starts with, where it is known: the requested one, or blue's within a major version. */
  greenGroup: string | null;
  /** Its values, by name. */
  greenParameters: Reading<Record<string, string | undefined>>;
  /** What the databases themselves said; `notAsked`: why nothing was asked of them. */
  sql: SqlReading;
  /** What tests.load asks for, as far as it was looked at. Absent when no load test is asked for. */
  load?: LoadFacts;
}

/** A load test before it: its statements, and whether they can be run on blue. */
export interface LoadFacts {
  /** Files that the stack may read, each as `BUCKET/KEY`. */
  readable: string[];
  /** The file of the request; absent where it names none, or one that the stack may not read. */
  file?: Reading<FileReading>;
  /** How many statements would be run; `refused`: why none is, and what to do. Absent where nothing was asked. */
  statements?: Reading<number> | { refused: string };
}

export type SqlReading = Reading<SqlLook> | { notAsked: string };

/** What DescribeDBInstances or DescribeDBClusters says of the source, beyond its side. */
export interface SourceTraits {
  /** `DBClusterIdentifier` of an instance: it then belongs to a cluster. */
  memberOfCluster: string | null;
  /** ARN of an unrelated database of the other kind with the same name; only when the request gives a bare name. */
  namesake: string | null;
  /** `EngineMode` is `serverless` (Aurora Serverless v1). */
  serverlessV1: boolean;
  /** `ClusterScalabilityType` is `limitless`, or `LimitlessDatabase` is on. */
  limitless: boolean;
  /** `GlobalClusterIdentifier`, where the cluster belongs to a global database. */
  globalCluster: string | null;
  /** `MasterUserSecret` is there. */
  managedMasterPassword: boolean;
  /** What the source replicates from: `ReadReplicaSourceDBInstanceIdentifier`, `ReplicationSourceIdentifier` … */
  replicaOf: string | null;
  /** Replicas of the source: names, or ARNs for those of other Regions; Aurora clusters that replicate from it, too. */
  replicas: string[];
  /** Replicas of replicas, by the replica that has them. */
  cascading: { replica: string; replicas: string[] }[];
  /** `PendingModifiedValues` that are not empty, by database: the names of the fields. */
  pending: { id: string; fields: string[] }[];
  /** Option groups that are not a default. */
  customOptionGroups: string[];
}

/** A hook of the request, and why it may not be invoked; null: it may. */
export interface HookAsked {
  name: string;
  arn: string;
  refused: string | null;
}

/** More of what DescribeDBInstances or DescribeDBClusters says of the source and its members. */
export interface BlueFeatures {
  activityStream: boolean;
  /** `BacktrackWindow` is more than nothing. */
  backtrack: boolean;
  /** `AssociatedRoles`: names of IAM roles. */
  roles: string[];
  iamAuthentication: boolean;
  /** Tag `aws:cloudformation:stack-name`. */
  stack: string | null;
  terraform: boolean;
  multiAz: boolean;
  /** Members with `AutoMinorVersionUpgrade`. */
  autoMinorUpgrade: string[];
  /** `ReadReplicaDBClusterIdentifiers`. */
  auroraReplicas: string[];
  /** `CertificateDetails.ValidTill`, as a day, where that is within 30 days. */
  certificateEnds: string | null;
  /** Replicas without `DedicatedLogVolume`, where the primary has it. */
  withoutLogVolume: string[];
  /** `AwsBackupRecoveryPointArn`: AWS Backup keeps continuous backups of it. */
  awsBackup: boolean;
  /** `StorageType` of an instance: `gp3`, `standard` … */
  storageType: string | null;
}

/** What stands beside the source. */
export interface Neighbours {
  /** Names of zero-ETL integrations of the source. */
  integrations: Reading<string[]>;
  /** Targets of proxies that lead to the source or its members. */
  proxies: Reading<Omit<ProxyTarget, 'leadsTo'>[]>;
  /** Maintenance that waits, by database; `due` is an ISO time. */
  maintenance: Reading<{ id: string; action: string; due: string | null }[]>;
  /** Classes of green that its version cannot be ordered with. */
  notOrderable: Reading<string[]>;
  /** Custom endpoints with static or excluded members. */
  staticEndpoints: Reading<string[]>;
  /** What Application Auto Scaling has under the name of the source: its target, policies and scheduled actions, in words. */
  scaling: Reading<string[]>;
  /** Alarms that watch the source or a member by resource id. */
  alarmsById: Reading<string[]>;
  /** Names of old blues that are there. */
  oldNames: Reading<string[]>;
}

/** Which databases have a security group already, by which it is known of which VPC the group is. */
export interface FenceSeen {
  /** `DBSubnetGroup.VpcId` of the source; null where RDS shows none. */
  vpc: string | null;
  standsOn: { id: string; vpc: string }[];
}

export interface ParameterGroup {
  name: string;
  /** `DBParameterGroupFamily`, for example `postgres17`. */
  family: string;
}

export interface ExistingDeployment {
  id: string;
  name: string;
  status: string;
  /** ARN that the deployment was made for. */
  source: string;
  /** Tag `viridian:execution` of the deployment. */
  executionArn: string | null;
}

/** `AccountQuota`: `DBInstances`, `DBClusters`, `AllocatedStorage` … */
export interface Quota {
  name: string;
  used: number;
  max: number;
}

/** One rule: facts in, findings out, none when the rule is content. */
export interface Precondition {
  /** Names the rule in messages, and in docs/preconditions.md. */
  id: string;
  /** Engines whose databases it refuses or warns of. */
  engines: 'all' | readonly EngineId[];
  /** For docs/preconditions.md, in one sentence. */
  looksAt: string;
  /** The field of the API, or the SQL, that it is read from. */
  how?: string;
  /** Where the rule comes from, and when that was read. */
  source?: string;
  check: (facts: PreconditionFacts) => RuleFinding[];
}

/** What a rule finds; the list adds the rule's name. */
export type RuleFinding = Omit<Finding, 'rule'>;
