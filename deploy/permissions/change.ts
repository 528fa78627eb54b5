import { copyTag } from '../../functions/domain/model/tags.ts';
import { copyPrefix, copyRunPrefix } from '../../functions/domain/on-copy/copy.ts';
import { arn, partitionToken, sub, type Value } from '../cloudformation.ts';
import { functionName, machineName } from '../names.ts';
import type { DatabaseChoice, ZoneRecords } from '../settings.ts';
import {
  changing,
  clusters,
  databaseKeys,
  deletions,
  deployments,
  type Grant,
  hostedZone,
  inheritTags,
  instances,
  never,
  noManagedPassword,
  passRoles,
  type Statement,
  setTag,
  setTagsOfPeople,
  snapshots,
  tagged,
  taggedWithRun,
  tagging,
  useMachineKey,
} from './statement.ts';

/** Databases whose names begin as those of copies do. */
const copies = [arn('rds', `db:${copyPrefix}*`), arn('rds', `cluster:${copyPrefix}*`)];

/** The databases of which a deployment may be made: every one, those of a list, or those with a tag. */
function chosen(databases: DatabaseChoice | undefined): Pick<Statement, 'resources' | 'condition'> {
  if (databases === undefined) return { resources: [instances, clusters] };
  if ('tag' in databases)
    return {
      resources: [instances, clusters],
      condition: { StringEquals: { [`aws:ResourceTag/${databases.tag.key}`]: databases.tag.value } },
    };
  return {
    resources: databases.names.flatMap((name) => [arn('rds', `db:${name}`), arn('rds', `cluster:${name}`)]),
  };
}

export const create = changing((_prefix, _records, databases) => [
  {
    actions: ['rds:CreateBlueGreenDeployment'],
    resources: [deployments, arn('rds', 'pg:*'), arn('rds', 'cluster-pg:*')],
    why: 'creates the deployment; its name is the lock of the database',
  },
  {
    actions: ['rds:CreateBlueGreenDeployment'],
    ...chosen(databases),
    why: 'the same: of which databases, as the parameter `databases` has it',
  },
  ...(databases === undefined
    ? []
    : [
        {
          actions: ['rds:CreateBlueGreenDeployment'],
          resources: copies,
          condition: tagged(copyTag),
          why: 'the same: of copies on which a run is rehearsed',
        },
      ]),
  {
    actions: [
      'rds:CreateDBCluster',
      'rds:CreateDBClusterEndpoint',
      'rds:CreateDBInstance',
      'rds:CreateDBInstanceReadReplica',
    ],
    resources: [
      instances,
      clusters,
      arn('rds', 'cluster-endpoint:*'),
      arn('rds', 'pg:*'),
      arn('rds', 'cluster-pg:*'),
      arn('rds', 'og:*'),
      arn('rds', 'subgrp:*'),
      arn('rds', 'secgrp:*'),
    ],
    why: 'dependent actions of creating: RDS builds green with the rights of the caller',
  },
  setTag(
    [deployments],
    ['viridian:execution', 'viridian:database'],
    'the deployment names its run from the beginning',
  ),
  inheritTags(
    [instances, clusters],
    'green gets the tags of blue, whatever they are, and none that this role chooses',
  ),
  databaseKeys('green is encrypted as blue is'),
  passRoles('green gets the monitoring and feature roles of blue; only to RDS'),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever builds neither cuts nor deletes'),
]);

export const switchOver = changing(() => [
  {
    actions: ['rds:SwitchoverBlueGreenDeployment'],
    resources: [deployments],
    condition: tagged('viridian:execution'),
    why: 'the cut; only of deployments that carry our tag',
  },
  {
    actions: [
      'rds:ModifyDBCluster',
      'rds:ModifyDBInstance',
      'rds:PromoteReadReplica',
      'rds:PromoteReadReplicaDBCluster',
    ],
    resources: [instances, clusters],
    why: 'dependent actions of the switchover: RDS renames and promotes with the rights of the caller; blue carries no tag of ours before the cut',
  },
  noManagedPassword,
  never(deletions, 'whoever cuts never deletes, whatever is added to this role later'),
  never(tagging, 'whoever cuts never tags'),
]);

/** The tag is put on green alone, and the cut wipes it: blue cannot be failed over, nor production later. */
export const failOverGreen = changing((prefix) => [
  {
    actions: ['rds:FailoverDBCluster', 'rds:RebootDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:green'),
    why: 'fails green over, to tell the approvers how long it takes; blue never carries the tag, and the cut wipes it',
  },
  callMarker(prefix),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever tests neither cuts nor deletes'),
  never(tagging, 'whoever tests never tags'),
]);

/** The same mark of green, so that no other database can be changed. */
export const changeMembers = changing((prefix) => [
  {
    actions: ['rds:ModifyDBInstance'],
    resources: [instances],
    condition: tagged('viridian:green'),
    why: 'gives instances of green other classes; blue never carries the tag, and the cut wipes it',
  },
  noManagedPassword,
  callMarker(prefix),
  never(
    [...deletions, 'rds:SwitchoverBlueGreenDeployment'],
    'whoever changes green neither cuts nor deletes',
  ),
  never(tagging, 'whoever changes green never tags'),
]);

/** The role that deletes has not the right to put the tag on: it asks `markDatabases`, which proves by itself. */
const callMarker = (prefix: string): Statement => ({
  actions: ['lambda:InvokeFunction'],
  resources: [arn('lambda', `function:${functionName(prefix, 'markDatabases')}:*`)],
  why: 'asks for the mark without which nothing is deleted or failed over: the function that marks proves by itself, and may do neither',
});

const neverCutsNorTags = [
  never(['rds:SwitchoverBlueGreenDeployment'], 'whoever deletes never cuts'),
  never(tagging, 'whoever deletes never tags'),
];

/** Only what carries the tag can be deleted, and the cut wipes that tag from green: a late call is refused by IAM. */
export const deleteGreen = changing((prefix) => [
  {
    actions: ['rds:DeleteBlueGreenDeployment'],
    resources: [deployments],
    condition: tagged('viridian:execution'),
    why: 'deletes the deployment and green; only deployments that carry our tag',
  },
  {
    actions: ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:removable'),
    why: 'deletes green and lifts its deletion protection before; the cut wipes the tag, so production never carries it',
  },
  {
    actions: ['rds:DeleteDBClusterEndpoint', 'rds:PromoteReadReplica', 'rds:PromoteReadReplicaDBCluster'],
    resources: [instances, clusters, arn('rds', 'cluster-endpoint:*')],
    why: 'dependent actions of deleting a deployment; none of them deletes data',
  },
  callMarker(prefix),
  ...neverCutsNorTags,
]);

export const releaseRecord = changing((prefix) => [
  {
    actions: ['rds:DeleteBlueGreenDeployment'],
    resources: [deployments],
    condition: tagged('viridian:execution'),
    why: 'deletes the record only',
  },
  {
    actions: ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster'],
    resources: [instances, clusters],
    condition: { StringEquals: { 'aws:ResourceTag/viridian:side': 'old-blue' } },
    why: 'dependent actions of deleting a deployment, and the fence on old blue of Aurora; production is marked as new production before, so it never carries this value',
  },
  {
    actions: ['rds:PromoteReadReplica', 'rds:PromoteReadReplicaDBCluster'],
    resources: [instances, clusters],
    why: 'dependent actions of deleting a deployment; none of them deletes data',
  },
  callMarker(prefix),
  ...neverCutsNorTags,
]);

export const snapshotOldBlue = changing(() => [
  {
    actions: ['rds:CreateDBSnapshot', 'rds:CreateDBClusterSnapshot'],
    resources: [instances, clusters, ...snapshots],
    why: 'the final snapshot',
  },
  setTag(snapshots, ['viridian:execution'], 'the snapshot names its run'),
  databaseKeys('the snapshot is encrypted as its source is'),
]);

/** What carries `viridian:sweepable` was verified just before; nothing without it can be deleted. */
const deleteMarked = (prefix: string, what: string): Statement[] => [
  {
    actions: ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:sweepable'),
    why: `deletes ${what} and lifts its deletion protection before`,
  },
  callMarker(prefix),
  ...neverCutsNorTags,
];

export const deleteOldBlue = changing((prefix) => deleteMarked(prefix, 'old blue'));

export const deleteClone = changing((prefix) => deleteMarked(prefix, 'the clone of old blue'));

/** The one function that may put on the tags by which databases are deleted. It may delete none. */
export const markDatabases = changing(() => [
  setTag(
    [instances, clusters],
    [
      'viridian:database',
      'viridian:execution',
      'viridian:green',
      'viridian:removable',
      'viridian:side',
      'viridian:sweepable',
    ],
    'marks databases after it has proved by itself that they belong to the run, and that none of those to be deleted or failed over is production',
  ),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever marks neither deletes nor cuts'),
]);

export const markGoingBack = changing(() => [
  setTag(
    [instances, clusters],
    ['viridian:execution', 'viridian:going-back'],
    'marks new production, so that one execution at a time goes back, and both sides as the run’s, so that they can be renamed',
  ),
  never(deletions, 'whoever tags never deletes'),
]);

export const cloneOldBlue = changing(() => [
  {
    actions: ['rds:RestoreDBClusterToPointInTime'],
    resources: [clusters, arn('rds', 'cluster-pg:*'), arn('rds', 'og:*'), arn('rds', 'subgrp:*')],
    condition: taggedWithRun,
    why: 'clones old blue of Aurora under a name that follows from the run; only with the tag of the run',
  },
  {
    actions: ['rds:CreateDBInstance'],
    resources: [
      instances,
      clusters,
      arn('rds', 'og:*'),
      arn('rds', 'pg:*'),
      arn('rds', 'secgrp:*'),
      arn('rds', 'subgrp:*'),
    ],
    condition: taggedWithRun,
    why: 'gives the clone its one instance, with the same tag',
  },
  setTag(
    [instances, clusters],
    ['viridian:execution', 'viridian:database', copyTag],
    'dependent action of both: they come with tags; that of a copy names the copy too',
  ),
  databaseKeys('the clone is encrypted as its source is'),
  passRoles('the clone gets the monitoring role of old blue; only to RDS'),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever clones neither cuts nor deletes'),
]);

/** What is made carries the tag of its rehearsal from the first moment, or is not made. */
const taggedAsCopy: Value = { Null: { [`aws:RequestTag/${copyTag}`]: 'false' } };

export const copyProduction = changing(() => [
  {
    actions: ['rds:RestoreDBClusterToPointInTime', 'rds:RestoreDBInstanceToPointInTime'],
    resources: [
      instances,
      clusters,
      arn('rds', 'cluster-pg:*'),
      arn('rds', 'pg:*'),
      arn('rds', 'og:*'),
      arn('rds', 'subgrp:*'),
    ],
    condition: taggedAsCopy,
    why: 'copies production under the tag of the rehearsal; the source, which is only read, may be any database',
  },
  {
    actions: ['rds:CreateDBInstance'],
    resources: [
      ...copies,
      arn('rds', 'og:*'),
      arn('rds', 'pg:*'),
      arn('rds', 'secgrp:*'),
      arn('rds', 'subgrp:*'),
    ],
    condition: taggedAsCopy,
    why: 'gives the copy of a cluster its one instance, with the same tag',
  },
  setTag(
    copies,
    [copyTag],
    'dependent action of all three; only what has the name of a copy can be tagged as one',
  ),
  databaseKeys('the copy is encrypted as its source is'),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever copies neither cuts nor deletes'),
]);

/** Held by name and by tag: production has neither. */
export const deleteCopies = changing((prefix) => [
  {
    actions: [
      'rds:DeleteDBCluster',
      'rds:DeleteDBInstance',
      'rds:ModifyDBCluster',
      'rds:ModifyDBInstance',
      'rds:PromoteReadReplica',
      'rds:PromoteReadReplicaDBCluster',
    ],
    resources: copies,
    condition: tagged(copyTag),
    why: 'deletes what a rehearsal has made, and lifts a protection before, as that of the clone of its way back; only what has the name and the tag of a copy',
  },
  {
    actions: ['rds:DeleteBlueGreenDeployment'],
    resources: [deployments],
    condition: { ArnLike: { 'aws:ResourceTag/viridian:execution': runsOnCopies(prefix) } },
    why: 'deletes the deployment of a run on a copy: the tag names that run',
  },
  {
    actions: ['states:StopExecution'],
    resources: [
      runsOnCopies(prefix),
      arn('states', `execution:${machineName(prefix, 'roll-back')}:${copyRunPrefix}*`),
    ],
    why: 'stops what runs on the copy before it is deleted; no other execution has such a name',
  },
  useMachineKey(
    prefix,
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    'stopping writes into the history, which is under this key',
  ),
  ...neverCutsNorTags,
]);

const runsOnCopies = (prefix: string) =>
  arn('states', `execution:${machineName(prefix, 'blue-green-deployment')}:${copyRunPrefix}*`);

export const admitApplication = changing(() => [
  {
    actions: ['rds:ModifyDBCluster'],
    resources: [clusters],
    condition: tagged('viridian:execution'),
    why: 'takes the fence off the target, once the name of production leads there; only what carries our tag',
  },
  noManagedPassword,
  {
    actions: ['rds:ModifyDBParameterGroup'],
    resources: [arn('rds', 'pg:*')],
    condition: tagged('viridian:way-back'),
    why: 'of MySQL and MariaDB: lets the target be written again (read_only), in a group that its owner has tagged for that and no other instance has',
  },
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever admits neither cuts nor deletes'),
]);

export const putBack = changing(() => [
  {
    actions: ['rds:AddRoleToDBCluster', 'rds:AddRoleToDBInstance'],
    resources: [instances, clusters],
    why: 'production gets the IAM roles that old blue had; the cut has replaced its tags, so none can be asked for',
  },
  passRoles('the roles that RDS used for old blue already; only to RDS'),
  {
    actions: ['rds:AddSourceIdentifierToSubscription'],
    resources: [arn('rds', 'es:*')],
    why: 'subscriptions to events that name production alone hear those of the side that serves as well',
  },
  {
    actions: [
      'application-autoscaling:PutScalingPolicy',
      'application-autoscaling:PutScheduledAction',
      'application-autoscaling:RegisterScalableTarget',
    ],
    resources: [arn('application-autoscaling', 'scalable-target/*')],
    condition: {
      StringEquals: { 'application-autoscaling:scalable-dimension': 'rds:cluster:ReadReplicaCount' },
    },
    why: 'scales the readers of production again as before the cut; of Aurora clusters and of nothing else',
  },
  {
    actions: ['cloudwatch:PutMetricAlarm'],
    resources: [arn('cloudwatch', 'alarm:*')],
    why: 'alarms that watch production by its resource id watch the side that serves; nobody knows their names beforehand',
  },
  setTagsOfPeople(
    [instances, clusters],
    'production has again the tags by which backups, costs and policies find it; none of ours',
  ),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever puts back neither cuts nor deletes'),
]);

export const rename = changing(() => [
  {
    actions: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:execution'),
    why: 'renames both sides; only what carries our tag, which "Read the run" puts on both before anything is closed',
  },
  noManagedPassword,
  never(tagging, 'whoever renames never tags'),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever renames neither cuts nor deletes'),
]);

/** These names, as a CNAME, and no deletion. */
const upsert = (zone: ZoneRecords, why: string): Statement => ({
  actions: ['route53:ChangeResourceRecordSets'],
  resources: [hostedZone(zone)],
  condition: {
    'ForAllValues:StringEquals': {
      'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': zone.names,
      'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
    },
    Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
  },
  why,
});

export const changeRecords = changing((_prefix, { wayBackRecords }) =>
  wayBackRecords.map((zone) =>
    upsert(
      zone,
      'leads the record to blue when production goes back; these names, as a CNAME, and no deletion',
    ),
  ),
);

export const leadReads = changing((_prefix, { readRampRecords }) =>
  readRampRecords.map((zone) =>
    upsert(
      zone,
      'leads a share of the readers to green, and all back; these names, as a CNAME, and no deletion',
    ),
  ),
);

/** Of changes that the stack itself may make: ids of changes are not known beforehand. */
const follow = (records: ZoneRecords[]): Statement[] =>
  records.length === 0
    ? []
    : [
        {
          actions: ['route53:GetChange'],
          resources: [sub(`arn:${partitionToken}:route53:::change/*`)],
          why: 'whether every name server answers its own change; ids of changes are not known beforehand',
        },
      ];

export const followChanges: Grant = (_prefix, { wayBackRecords }) => follow(wayBackRecords);

export const followReads: Grant = (_prefix, { readRampRecords }) => follow(readRampRecords);
