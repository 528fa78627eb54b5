import { arn, partitionToken, ref, sub } from '../cloudformation.ts';
import { executionArns, machineArn } from '../names.ts';
import type { ZoneRecords } from '../settings.ts';
import {
  allow,
  clusters,
  deployments,
  type Grant,
  hostedZone,
  instances,
  type Statement,
  useMachineKey,
} from './statement.ts';

export const readClusters = allow(
  'rds:DescribeDBClusters',
  () => clusters,
  'reads both sides of an Aurora deployment',
);

export const readInstances = allow(
  'rds:DescribeDBInstances',
  () => instances,
  'reads both sides and their members',
);

/** Reading databases. Names of green and of old blue are not known beforehand, so every database can be looked at. */
export const readDatabases: Grant = (...settings) => [
  ...readInstances(...settings),
  ...readClusters(...settings),
];

export const readDeployment = allow(
  'rds:DescribeBlueGreenDeployments',
  () => deployments,
  'reads the deployment; the actions on deployments know no part of a name, only all or a tag',
);

export const readEvents = allow(
  'rds:DescribeEvents',
  () => '*',
  'the reasons of RDS; the action knows no resource',
);

export const readTags: Grant = () => [
  {
    actions: ['rds:ListTagsForResource'],
    resources: [instances, clusters, deployments],
    why: 'whose a database or a deployment is',
  },
];

export const readGroupTags: Grant = () => [
  {
    actions: ['rds:ListTagsForResource'],
    resources: [arn('rds', 'pg:*')],
    why: 'whether the owner of the parameter group of MySQL and MariaDB lets read_only be set in it',
  },
];

export const readMetrics = allow(
  'cloudwatch:GetMetricData',
  () => '*',
  'the lag of green, and of blue the free storage and what it needed at most; the action knows no resource',
);

export const compareMetrics = allow(
  'cloudwatch:GetMetricData',
  () => '*',
  'the metrics that the bake compares; the action knows no resource',
);

export const readSessions = allow(
  'cloudwatch:GetMetricData',
  () => '*',
  'whether old blue has clients; the action knows no resource',
);

export const readAlarms = allow(
  'cloudwatch:DescribeAlarms',
  () => '*',
  'the alarms that the request names; composite ones are shown only to a right on every alarm',
);

export const readRun: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [executionArns(prefix, 'blue-green-deployment')],
    why: 'whether another run is open',
  },
  useMachineKey(prefix, ['kms:Decrypt'], 'descriptions of runs are under the key of the machine'),
];

export const readSnapshots: Grant = () => [
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

export const readHistory = allow(
  'states:GetExecutionHistory',
  (prefix) => executionArns(prefix, 'blue-green-deployment'),
  'the open token and the last facts stand in the history of a run',
);

/** The executions that go back as well. */
export const readReturns = allow(
  'states:GetExecutionHistory',
  (prefix) => executionArns(prefix, 'roll-back'),
  'what an execution that goes back has done, and the loss that it has stated',
);

export const readRehearsals = (why: string): Grant =>
  allow('states:DescribeExecution', (prefix) => executionArns(prefix, 'rehearsal'), why);

export const readLooksOfRehearsals = allow(
  'states:GetExecutionHistory',
  (prefix) => executionArns(prefix, 'rehearsal'),
  'what a wait of the rehearsal saw last, where it came to its deadline',
);

export const listRehearsals = allow(
  'states:ListExecutions',
  (prefix) => machineArn(prefix, 'rehearsal'),
  'the rehearsals that went through',
);

export const watchReturns: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [executionArns(prefix, 'roll-back')],
    why: 'whether an execution that goes back has ended, how and when',
  },
  {
    actions: ['states:ListExecutions'],
    resources: [machineArn(prefix, 'roll-back')],
    why: 'the executions that went back in the last hour',
  },
];

export const describeRuns = allow(
  'states:DescribeExecution',
  (prefix) => executionArns(prefix, 'blue-green-deployment'),
  'whether a run has ended, how and when',
);

export const describeInputs = allow(
  'states:DescribeExecution',
  (prefix) => executionArns(prefix, 'blue-green-deployment'),
  'whether the request of an open run names the alarm, before its history is read',
);

export const listRuns = allow(
  'states:ListExecutions',
  (prefix) => machineArn(prefix, 'blue-green-deployment'),
  'the runs that are open',
);

export const readSubscriptions: Grant = () => [
  {
    actions: ['sns:ListSubscriptionsByTopic'],
    resources: [ref('Approvals'), ref('Announcements')],
    why: 'nobody subscribed means that nobody can answer',
  },
  {
    actions: ['sns:GetSubscriptionAttributes'],
    resources: ['*'],
    why: 'which groups a subscription hears, and whether anybody with its mail can end it; the action knows no resource',
  },
];

export const readConfiguration: Grant = () => [
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
    actions: [
      'rds:DescribeDBEngineVersions',
      'rds:DescribeAccountAttributes',
      'rds:DescribeOrderableDBInstanceOptions',
    ],
    resources: ['*'],
    why: 'versions and classes on offer, and quotas; the actions know no resource',
  },
  {
    actions: ['rds:DescribePendingMaintenanceActions', 'rds:DescribeDBClusterEndpoints'],
    resources: [arn('rds', 'db:*'), arn('rds', 'cluster:*'), arn('rds', 'cluster-endpoint:*')],
    why: 'maintenance that waits for blue, and custom endpoints with a fixed list of members',
  },
];

export const readNeighbours: Grant = () => [
  {
    actions: ['rds:DescribeIntegrations', 'rds:DescribeDBProxies', 'rds:DescribeDBProxyTargets'],
    resources: ['*'],
    why: 'what stands beside blue and makes RDS refuse the switchover; nobody knows its names beforehand, so all are listed',
  },
];

export const readScaling: Grant = () => [
  {
    actions: [
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
    ],
    resources: ['*'],
    why: 'how the readers of an Aurora cluster are scaled: the cut drops it; the actions know no resource',
  },
];

/** What "Put back what was dropped" compares, before the cut and after it. */
export const readBeside: Grant = (...settings) => [
  ...readScaling(...settings),
  {
    actions: ['cloudwatch:DescribeAlarms', 'rds:DescribeDBProxies', 'rds:DescribeDBProxyTargets'],
    resources: ['*'],
    why: 'alarms on resource ids and proxies of production; nobody knows their names beforehand, so all are listed',
  },
  {
    actions: ['rds:DescribeEventSubscriptions', 'rds:DescribeDBClusterEndpoints'],
    resources: [arn('rds', 'es:*'), arn('rds', 'cluster-endpoint:*')],
    why: 'event subscriptions and custom endpoints of production',
  },
];

export const readGoingBack: Grant = (prefix) => [
  {
    actions: ['states:DescribeExecution'],
    resources: [executionArns(prefix, 'roll-back')],
    why: 'whether an execution that goes back is open, and how it ended',
  },
  useMachineKey(prefix, ['kms:Decrypt'], 'descriptions of executions are under the key of the machines'),
];

const list = (zones: ZoneRecords[], why: string): Statement[] =>
  zones.length === 0
    ? []
    : [{ actions: ['route53:ListResourceRecordSets'], resources: zones.map(hostedZone), why }];

/** Reading where a record leads. Route 53 knows zones only here, no names. */
export const readRecords: Grant = (_prefix, { wayBackRecords }) =>
  list(wayBackRecords, 'where the record leads by which applications reach production');

export const readReads: Grant = (_prefix, { readRampRecords }) =>
  list(readRampRecords, 'where the record leads by which readers come');

/** Each file alone: a bucket holds other things, too. */
export const readLoadStatements: Grant = (_prefix, { loadStatements }) =>
  loadStatements.length === 0
    ? []
    : [
        {
          actions: ['s3:GetObject'],
          resources: loadStatements.map((file) => sub(`arn:${partitionToken}:s3:::${file}`)),
          why: 'reads the statements of a load test',
        },
      ];
