import { arn, partitionToken, sub } from '../cloudformation.ts';
import type { DatabaseChoice } from '../settings.ts';
import {
  changing,
  clusters,
  databaseKeys,
  deletions,
  deployments,
  type Grant,
  hostedZone,
  instances,
  never,
  passRoles,
  type Statement,
  setTag,
  tagged,
  taggedWithRun,
} from './statement.ts';

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
  {
    actions: [
      'rds:AddTagsToResource',
      'rds:CreateDBCluster',
      'rds:CreateDBClusterEndpoint',
      'rds:CreateDBInstance',
      'rds:CreateDBInstanceReadReplica',
    ],
    resources: [
      deployments,
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
    why: 'dependent actions of the switchover: RDS renames and promotes with the rights of the caller',
  },
  never(deletions, 'whoever cuts never deletes, whatever is added to this role later'),
]);

/** Only what carries the tag can be deleted, and the cut wipes that tag from green: a late call is refused by IAM. */
export const deleteGreen = changing(() => [
  {
    actions: ['rds:DeleteBlueGreenDeployment'],
    resources: [deployments],
    condition: tagged('viridian:execution'),
    why: 'deletes the deployment and green; only deployments that carry our tag',
  },
  setTag(['viridian:removable'], 'marks the members of green after it is proved that they are green'),
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
  never(['rds:SwitchoverBlueGreenDeployment'], 'whoever deletes never cuts'),
]);

export const releaseRecord = changing(() => [
  {
    actions: ['rds:DeleteBlueGreenDeployment'],
    resources: [deployments],
    condition: tagged('viridian:execution'),
    why: 'deletes the record only: this role has no right to delete a database',
  },
  setTag(['viridian:execution', 'viridian:database'], 'the lock while there is no record'),
  {
    actions: ['rds:ModifyDBCluster'],
    resources: [clusters],
    condition: tagged('viridian:execution'),
    why: 'puts the fence on old blue of Aurora before the record goes',
  },
  {
    actions: ['rds:PromoteReadReplica', 'rds:PromoteReadReplicaDBCluster'],
    resources: [instances, clusters],
    why: 'dependent actions of deleting a deployment; none of them deletes data',
  },
  never(
    ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:SwitchoverBlueGreenDeployment'],
    'releasing the record neither deletes a database nor cuts',
  ),
]);

export const snapshotOldBlue = changing(() => [
  {
    actions: ['rds:CreateDBSnapshot', 'rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
    resources: [instances, clusters, arn('rds', 'snapshot:*'), arn('rds', 'cluster-snapshot:*')],
    why: 'the final snapshot, tagged with its run',
  },
  databaseKeys('the snapshot is encrypted as its source is'),
]);

/** What carries `viridian:sweepable` was verified just before; nothing without it can be deleted. */
export const deleteMarked = (what: string): Statement[] => [
  setTag(['viridian:sweepable'], `marks ${what} after it is proved that it is that and not production`),
  {
    actions: ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:sweepable'),
    why: `deletes ${what} and lifts its deletion protection before`,
  },
  never(['rds:SwitchoverBlueGreenDeployment'], 'whoever deletes never cuts'),
];

export const deleteOldBlue = changing(() => deleteMarked('old blue'));

export const deleteClone = changing(() => deleteMarked('the clone of old blue'));

export const markGoingBack = changing(() => [
  setTag(['viridian:going-back'], 'marks new production, so that one execution at a time goes back'),
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
  setTag(['viridian:execution', 'viridian:database'], 'dependent action of both: they come with tags'),
  databaseKeys('the clone is encrypted as its source is'),
  passRoles('the clone gets the monitoring role of old blue; only to RDS'),
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever clones neither cuts nor deletes'),
]);

export const admitApplication = changing(() => [
  {
    actions: ['rds:ModifyDBCluster'],
    resources: [clusters],
    condition: tagged('viridian:execution'),
    why: 'takes the fence off the target, once the name of production leads there; only what carries our tag',
  },
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever admits neither cuts nor deletes'),
]);

export const rename = changing(() => [
  {
    actions: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    why: 'renames both sides; nothing says beforehand what old blue is called',
  },
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever renames neither cuts nor deletes'),
]);

export const changeRecords = changing((_prefix, zones) =>
  zones.map((zone) => ({
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
    why: 'leads the record to blue when production goes back; these names, as a CNAME, and no deletion',
  })),
);

export const followChanges: Grant = (_prefix, zones) =>
  zones.length === 0
    ? []
    : [
        {
          actions: ['route53:GetChange'],
          resources: [sub(`arn:${partitionToken}:route53:::change/*`)],
          why: 'whether every name server answers its own change; ids of changes are not known beforehand',
        },
      ];
