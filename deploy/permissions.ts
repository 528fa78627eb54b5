import {
  arn,
  att,
  globalArn,
  type Intrinsic,
  partitionToken,
  ref,
  regionToken,
  sub,
  type Value,
} from './cloudformation.ts';
import type { FunctionKey } from './functions.ts';
import { machineKeyContext } from './keys.ts';
import { functionName, machineArn, machineName, rollBackArn, rollBackName } from './names.ts';
import type { ZoneRecords } from './settings.ts';

/** One line of a role. `why` goes to docs/permissions.md, which a person reviews. */
export interface Statement {
  effect?: 'Deny';
  actions: string[];
  resources: ('*' | Intrinsic)[];
  condition?: Value;
  why: string;
}

export type Grant = (prefix: string, wayBackRecords: ZoneRecords[]) => Statement[];

/** One action on one resource. */
const allow =
  (action: string, resource: (prefix: string) => '*' | Intrinsic, why: string): Grant =>
  (prefix) => [{ actions: [action], resources: [resource(prefix)], why }];

const instances = arn('rds', 'db:*');
const clusters = arn('rds', 'cluster:*');
const deployments = arn('rds', 'deployment:*');

const readClusters = allow(
  'rds:DescribeDBClusters',
  () => clusters,
  'reads both sides of an Aurora deployment',
);

/** Reading databases. Names of green and of old blue are not known beforehand, so every database can be looked at. */
const readDatabases: Grant = (...settings) => [
  { actions: ['rds:DescribeDBInstances'], resources: [instances], why: 'reads both sides and their members' },
  ...readClusters(...settings),
];
const readDeployment = allow(
  'rds:DescribeBlueGreenDeployments',
  () => deployments,
  'reads the deployment; the actions on deployments know no part of a name, only all or a tag',
);
const readEvents = allow('rds:DescribeEvents', () => '*', 'the reasons of RDS; the action knows no resource');
const readTags: Grant = () => [
  {
    actions: ['rds:ListTagsForResource'],
    resources: [instances, clusters, deployments],
    why: 'whose a database or a deployment is',
  },
];
const readMetrics = allow(
  'cloudwatch:GetMetricData',
  () => '*',
  'the lag of green; the action knows no resource',
);
const compareMetrics = allow(
  'cloudwatch:GetMetricData',
  () => '*',
  'the metrics that the bake compares; the action knows no resource',
);
const readAlarms = allow(
  'cloudwatch:DescribeAlarms',
  () => arn('cloudwatch', 'alarm:*'),
  'the alarms that the request names',
);

const useMachineKey = (prefix: string, actions: string[], why: string): Statement => ({
  actions,
  resources: [att('MachineKey')],
  condition: machineKeyContext(prefix),
  why,
});
const executions = (prefix: string): Intrinsic => arn('states', `execution:${machineName(prefix)}:*`);
const rollBacks = (prefix: string): Intrinsic => arn('states', `execution:${rollBackName(prefix)}:*`);

const answerToken: Grant = (prefix) => [
  {
    actions: ['states:SendTaskSuccess'],
    resources: [machineArn(prefix), rollBackArn(prefix)],
    why: 'answers the token of its own wait',
  },
  useMachineKey(
    prefix,
    ['kms:Decrypt', 'kms:GenerateDataKey'],
    'an answer becomes part of the history, which is under the key of the machine',
  ),
];
const readRun: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [executions(prefix)],
    why: 'whether another run is open',
  },
  useMachineKey(prefix, ['kms:Decrypt'], 'descriptions of runs are under the key of the machine'),
];

const publish =
  (topic: 'Announcements' | 'Approvals', why: string): Grant =>
  () => [
    { actions: ['sns:Publish'], resources: [ref(topic)], why },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [att('MessagesKey')],
      condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': ref(topic) } },
      why: 'the topic is under this key',
    },
  ];

/** A resource with this tag at all, whatever its value. */
const tagged = (tag: string): Value => ({ Null: { [`aws:ResourceTag/${tag}`]: 'false' } });

/** What RDS does with the databases' own keys on the caller's behalf (service authorization reference, dependent actions). */
const databaseKeys = (why: string): Statement => ({
  actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
  resources: [arn('kms', 'key/*')],
  condition: { StringEquals: { 'kms:ViaService': sub(`rds.${regionToken}.amazonaws.com`) } },
  why,
});
const passRoles = (why: string): Statement => ({
  actions: ['iam:PassRole'],
  resources: [globalArn('iam', 'role/*')],
  condition: {
    StringEquals: { 'iam:PassedToService': ['monitoring.rds.amazonaws.com', 'rds.amazonaws.com'] },
  },
  why,
});
const setTag = (tags: string[], why: string): Statement => ({
  actions: ['rds:AddTagsToResource'],
  resources: [instances, clusters],
  condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': tags }, Null: { 'aws:TagKeys': 'false' } },
  why,
});

const never = (actions: string[], why: string): Statement => ({
  effect: 'Deny',
  actions,
  resources: ['*'],
  why,
});
const deletions = [
  'rds:DeleteBlueGreenDeployment',
  'rds:DeleteDBCluster',
  'rds:DeleteDBClusterEndpoint',
  'rds:DeleteDBInstance',
];

const create: Grant = () => [
  {
    actions: ['rds:CreateBlueGreenDeployment'],
    resources: [deployments, instances, clusters, arn('rds', 'pg:*'), arn('rds', 'cluster-pg:*')],
    why: 'creates the deployment; its name is the lock of the database',
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
];

const switchOver: Grant = () => [
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
];

/** Only what carries the tag can be deleted, and the cut wipes that tag from green: a late call is refused by IAM. */
const deleteGreen: Grant = () => [
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
];

const releaseRecord: Grant = () => [
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
];

const snapshotOldBlue: Grant = () => [
  {
    actions: ['rds:CreateDBSnapshot', 'rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
    resources: [instances, clusters, arn('rds', 'snapshot:*'), arn('rds', 'cluster-snapshot:*')],
    why: 'the final snapshot, tagged with its run',
  },
  databaseKeys('the snapshot is encrypted as its source is'),
];
const readSnapshots: Grant = () => [
  {
    actions: ['rds:DescribeDBSnapshots'],
    resources: [instances, arn('rds', 'snapshot:*')],
    why: 'reads the final snapshot',
  },
  {
    actions: ['rds:DescribeDBClusterSnapshots'],
    resources: [clusters, arn('rds', 'cluster-snapshot:*')],
    why: 'reads the final snapshot of a cluster',
  },
];

/** What carries `viridian:sweepable` was verified just before; nothing without it can be deleted. */
const deleteMarked = (what: string): Statement[] => [
  setTag(['viridian:sweepable'], `marks ${what} after it is proved that it is that and not production`),
  {
    actions: ['rds:DeleteDBCluster', 'rds:DeleteDBInstance', 'rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    condition: tagged('viridian:sweepable'),
    why: `deletes ${what} and lifts its deletion protection before`,
  },
  never(['rds:SwitchoverBlueGreenDeployment'], 'whoever deletes never cuts'),
];

const deleteOldBlue: Grant = () => deleteMarked('old blue');
const deleteClone: Grant = () => deleteMarked('the clone of old blue');

const seal =
  (key: 'LinkKey' | 'DecisionKey', why: string): Grant =>
  () => [{ actions: ['kms:GenerateMac'], resources: [att(key)], why }];
const checkSeal =
  (key: 'LinkKey' | 'DecisionKey', why: string): Grant =>
  () => [{ actions: ['kms:VerifyMac'], resources: [att(key)], why }];

const callDecide = allow(
  'lambda:InvokeFunction',
  (prefix) => arn('lambda', `function:${functionName(prefix, 'decide')}`),
  'hands the decision to the private function, which has the rights that the web has not',
);

const readHistory = allow(
  'states:GetExecutionHistory',
  executions,
  'the open token and the last facts stand in the history of a run',
);
/** The executions that go back as well. */
const readReturns = allow(
  'states:GetExecutionHistory',
  rollBacks,
  'what an execution that goes back has done, and the loss that it has stated',
);
const watchReturns: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [rollBacks(prefix)],
    why: 'whether an execution that goes back has ended, how and when',
  },
  {
    actions: ['states:ListExecutions'],
    resources: [rollBackArn(prefix)],
    why: 'the executions that went back in the last hour',
  },
];
const describeRuns = allow('states:DescribeExecution', executions, 'whether a run has ended, how and when');
const wake: Grant = (prefix) => [
  {
    actions: ['states:SendTaskFailure'],
    resources: [machineArn(prefix)],
    why: 'ends the tick of a wait, never of an approval, so that the run looks again',
  },
  useMachineKey(prefix, ['kms:Decrypt', 'kms:GenerateDataKey'], 'histories and answers are under this key'),
];
const listRuns = allow('states:ListExecutions', machineArn, 'the runs that are open');

const readSubscriptions: Grant = () => [
  {
    actions: ['sns:ListSubscriptionsByTopic'],
    resources: [ref('Approvals')],
    why: 'nobody subscribed means that nobody can answer',
  },
  {
    actions: ['sns:GetSubscriptionAttributes'],
    resources: ['*'],
    why: 'which groups a subscription hears, and whether anybody with its mail can end it; the action knows no resource',
  },
];

const readConfiguration: Grant = () => [
  {
    actions: ['rds:DescribeDBParameters', 'rds:DescribeDBParameterGroups'],
    resources: [arn('rds', 'pg:*')],
    why: 'logical replication, binlog and the family of parameter groups',
  },
  {
    actions: ['rds:DescribeDBClusterParameters', 'rds:DescribeDBClusterParameterGroups'],
    resources: [arn('rds', 'cluster-pg:*')],
    why: 'the same of Aurora clusters',
  },
  {
    actions: ['rds:DescribeDBEngineVersions', 'rds:DescribeAccountAttributes'],
    resources: ['*'],
    why: 'versions on offer, and quotas; the actions know no resource',
  },
];

const askSql = allow(
  'lambda:InvokeFunction',
  (prefix) => arn('lambda', `function:${functionName(prefix, 'sqlPostgres')}`),
  'asks the databases: the function that speaks SQL has the login, this one has not',
);
const readGoingBack: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [rollBacks(prefix)],
    why: 'whether an execution that goes back is open, and how it ended',
  },
  useMachineKey(prefix, ['kms:Decrypt'], 'descriptions of executions are under the key of the machines'),
];
const markGoingBack: Grant = () => [
  setTag(['viridian:going-back'], 'marks new production, so that one execution at a time goes back'),
];
/** What is made carries the tag of its run from the first moment, or is not made. */
const taggedWithRun: Value = { Null: { 'aws:RequestTag/viridian:execution': 'false' } };
const cloneOldBlue: Grant = () => [
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
];
const admitApplication: Grant = () => [
  {
    actions: ['rds:ModifyDBCluster'],
    resources: [clusters],
    condition: tagged('viridian:execution'),
    why: 'takes the fence off the target, once the name of production leads there; only what carries our tag',
  },
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever admits neither cuts nor deletes'),
];
const rename: Grant = () => [
  {
    actions: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
    resources: [instances, clusters],
    why: 'renames both sides; nothing says beforehand what old blue is called',
  },
  never([...deletions, 'rds:SwitchoverBlueGreenDeployment'], 'whoever renames neither cuts nor deletes'),
];
const signIn: Grant = () => [
  {
    actions: ['secretsmanager:GetSecretValue'],
    resources: [arn('secretsmanager', 'secret:viridian-*')],
    why: 'the login of a request that names a secret',
  },
  {
    actions: ['rds-db:connect'],
    resources: [arn('rds-db', 'dbuser:*/viridian')],
    why: 'signs in with IAM database authentication where the request names no secret',
  },
];

const answerQuestion: Grant = (prefix) => [
  {
    actions: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
    resources: [machineArn(prefix)],
    why: 'answers the open question, or stops the run that a person asks to stop',
  },
  useMachineKey(prefix, ['kms:Decrypt', 'kms:GenerateDataKey'], 'histories and answers are under this key'),
];

const hostedZone = ({ hostedZoneId }: ZoneRecords): Intrinsic =>
  sub(`arn:${partitionToken}:route53:::hostedzone/${hostedZoneId}`);

/** Reading where a record leads. Route 53 knows zones only here, no names. */
const readRecords: Grant = (_prefix, zones) =>
  zones.length === 0
    ? []
    : [
        {
          actions: ['route53:ListResourceRecordSets'],
          resources: zones.map(hostedZone),
          why: 'where the record leads by which applications reach production',
        },
      ];
const changeRecords: Grant = (_prefix, zones) =>
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
  }));
const followChanges: Grant = (_prefix, zones) =>
  zones.length === 0
    ? []
    : [
        {
          actions: ['route53:GetChange'],
          resources: [sub(`arn:${partitionToken}:route53:::change/*`)],
          why: 'whether every name server answers its own change; ids of changes are not known beforehand',
        },
      ];

/** What each function may do, beside writing its log and its trace. */
export const grants: Record<FunctionKey, Grant[]> = {
  validateRequest: [],
  checkPreconditions: [
    readDatabases,
    readDeployment,
    readConfiguration,
    readAlarms,
    compareMetrics,
    readRun,
    readRecords,
  ],
  checkTheWayBack: [readDatabases, askSql],
  createGreen: [readDeployment, readTags, readRun, create],
  waitForGreen: [readDatabases, readDeployment, readEvents, answerToken],
  checkParity: [readDatabases, readDeployment, readEvents],
  refreshTheStatisticsOfGreen: [readDatabases, askSql],
  findTheNextWindow: [],
  askForApproval: [
    readDatabases,
    readDeployment,
    readMetrics,
    publish('Approvals', 'the question, its reminder and its escalation'),
    publish('Announcements', 'the escalation goes to the announcements as well'),
    readSubscriptions,
    seal('LinkKey', 'seals the link of a group'),
  ],
  waitForApproval: [readDatabases, readDeployment, readMetrics],
  waitForWindow: [answerToken],
  waitForReplicationToCatchUp: [readDatabases, readDeployment, readEvents, readMetrics, answerToken],
  takeTheBaseline: [readDatabases, compareMetrics],
  finalCheck: [
    readDatabases,
    readDeployment,
    readEvents,
    readMetrics,
    readAlarms,
    checkSeal('DecisionKey', 'believes a decision only with its seal'),
  ],
  holdApplicationWrites: [readDatabases, askSql],
  startSwitchover: [readDeployment, switchOver],
  waitForSwitchover: [readDeployment, readEvents, answerToken],
  findProductionSide: [readDatabases, readDeployment],
  countChangesAfterTheCut: [readDatabases, askSql],
  secureTheWayBack: [readDatabases, askSql, answerToken],
  releaseApplicationWrites: [readDatabases, askSql],
  attachTheRollbackTarget: [readDatabases, readTags, askSql],
  makeTheRollbackTarget: [readDatabases, cloneOldBlue],
  waitForTheRollbackTarget: [readDatabases, answerToken],
  fenceTheRollbackTarget: [readDatabases, askSql],
  removeTheRollbackTarget: [readDatabases, readTags, readGoingBack, readRecords, deleteClone],
  closeTheWayBack: [readDatabases, readTags, readGoingBack, askSql],
  tellAboutTheWayBack: [
    publish('Announcements', 'that there is no way back, or the question whether to use it'),
  ],
  waitForADecision: [readDatabases, readTags, readGoingBack, askSql, answerToken],
  waitForGoingBack: [readDatabases, readTags, readGoingBack, readRecords, answerToken],
  verifyProduction: [readDatabases, readDeployment],
  bake: [readAlarms, compareMetrics, readDatabases, readTags, readGoingBack, askSql, answerToken],
  releaseTheDeploymentRecord: [readDatabases, readDeployment, releaseRecord, readRecords],
  waitForRetention: [answerToken],
  takeFinalSnapshot: [readDatabases, readSnapshots, snapshotOldBlue],
  waitForSnapshot: [readSnapshots, answerToken],
  deleteOldBlue: [readDatabases, readDeployment, readTags, readSnapshots, deleteOldBlue, readRecords],
  waitForDeletion: [readDatabases, answerToken],
  removeGreen: [readDatabases, readDeployment, readTags, deleteGreen],
  waitForRemoval: [readDatabases, readDeployment, answerToken],
  recordOutcome: [readDatabases, readDeployment, readSnapshots, readRecords],
  readTheRun: [readDatabases, readTags, readHistory, readReturns, readGoingBack, markGoingBack, readRecords],
  fenceNewProduction: [readDatabases, readTags, askSql],
  waitForTheLastChanges: [readDatabases, askSql, answerToken],
  checkForOtherWriters: [readDatabases, askSql],
  compareBothSides: [readDatabases, askSql],
  stateTheLoss: [readDatabases, askSql],
  detachTheRollbackTarget: [readDatabases, readTags, askSql],
  setTheSequences: [readDatabases, readTags, askSql],
  swapTheEndpoint: [readDatabases, readTags, askSql, rename, readRecords, changeRecords],
  waitForTheEndpoint: [readDatabases, readRecords, followChanges, answerToken],
  waitForOldAnswersToRunOut: [readDatabases, readRecords, answerToken],
  admitTheApplication: [readClusters, admitApplication],
  openBlueForWrites: [readDatabases, readTags, askSql],
  verifyGoingBack: [readDatabases, askSql, readRecords],
  stayOnNewProduction: [readDatabases, readTags, askSql],
  sqlPostgres: [signIn],
  notify: [publish('Announcements', 'the outcome')],
  wakeRun: [readDeployment, readHistory, listRuns, wake],
  reconcile: [
    readDatabases,
    readDeployment,
    readSnapshots,
    readHistory,
    readReturns,
    describeRuns,
    watchReturns,
    listRuns,
    readRecords,
    askSql,
    publish('Announcements', 'reports of runs that ended without telling'),
    (prefix) => [useMachineKey(prefix, ['kms:Decrypt'], 'histories are under this key')],
  ],
  approvalPage: [checkSeal('LinkKey', 'refuses links that we did not seal'), callDecide],
  decideWithIam: [
    seal('LinkKey', 'seals who called, as IAM named them; no decision is made with this key'),
    callDecide,
  ],
  decide: [
    readHistory,
    checkSeal('LinkKey', 'believes no caller: the link, or the caller that IAM named, is sealed'),
    seal('DecisionKey', 'seals the decision, so that the final check can believe it'),
    checkSeal('DecisionKey', 'shows a recorded decision only with its seal'),
    answerQuestion,
  ],
};
