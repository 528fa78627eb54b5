import type { DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import type { TargetState } from '@aws-sdk/client-rds';
import { createScalingService } from '../../../packages/local-aws/services/scaling.ts';
import { addToBlue, crashes, later, losesAnswer, rdsPlays, refuses, type Trouble, when } from '../faults.ts';
import { servingOf } from '../run.ts';
import { minute, type Stage } from '../stage.ts';
import { ends, type Scenario } from './scenario.ts';

const roles = ['s3Import', 's3Export'].map((FeatureName) => ({
  RoleArn: `arn:aws:iam::111122223333:role/service/${FeatureName}`,
  FeatureName,
  Status: 'ACTIVE',
}));

/** The cluster, or the primary and its replicas, of a database by its resource id. */
const holdersOf = ({ account: { rds }, kind }: Stage, resourceId: string | undefined) =>
  kind.isCluster
    ? rds.world.clusters.filter(({ DbClusterResourceId }) => DbClusterResourceId === resourceId)
    : rds.world.instances.filter(({ database }) => database === resourceId);

/**
 * Blue and each of its replicas have two IAM roles and a tag, somebody has subscribed to the events of production and of another database and
 * watches both by their resource ids, and the readers of a cluster are scaled.
 */
export const besideBlue: Trouble = (stage) => {
  const { kind, account } = stage;
  for (const [CustSubscriptionId, SourceIdsList] of [
    ['pages', [kind.database]],
    ['others', ['bystander']],
  ] as [string, string[]][])
    account.rds.world.eventSubscriptions.push({
      CustSubscriptionId,
      SourceType: kind.isCluster ? 'db-cluster' : 'db-instance',
      SourceIdsList,
    });
  for (const one of holdersOf(stage, stage.baseline.blue)) {
    one.AssociatedRoles = structuredClone(roles);
    one.TagList.push({ Key: 'team', Value: 'shop' });
  }
  watchById(stage);
  if (kind.isCluster) scale(stage);
};

const call = { requestId: 'put-back', service: 'monitoring', operation: 'PutMetricAlarm' };

/** Somebody watches blue by its resource id, in a dimension and in an expression, and the other database. */
function watchById({ account: { cloudWatch, rds }, baseline: { blue } }: Stage): void {
  const settings = { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 2, Threshold: 5 };
  const bystander = rds.world.instances.find(
    (one) => one.DBInstanceIdentifier === 'bystander',
  )?.DbiResourceId;
  for (const [AlarmName, id] of [
    ['load', blue],
    ['load of another', bystander],
  ])
    cloudWatch.operations.PutMetricAlarm?.(
      {
        ...settings,
        AlarmName,
        Metrics: [
          { Id: 'load', Expression: `DB_PERF_INSIGHTS('RDS', '${id}', 'db.load.avg')`, Period: 60 },
          {
            Id: 'own',
            MetricStat: {
              Metric: {
                Namespace: 'Shop',
                MetricName: 'Sessions',
                Dimensions: [{ Name: 'DbiResourceId', Value: id }],
              },
              Period: 60,
              Stat: 'Average',
            },
            ReturnData: false,
          },
        ],
      },
      call,
    );
}

/** Readers come and go by load, and by the clock. */
function scale({ account: { rds }, kind }: Stage): void {
  const about = {
    ServiceNamespace: 'rds',
    ResourceId: `cluster:${kind.database}`,
    ScalableDimension: 'rds:cluster:ReadReplicaCount',
  } as const;
  const { operations } = createScalingService(rds);
  operations.RegisterScalableTarget?.({ ...about, MinCapacity: 1, MaxCapacity: 4 }, call);
  operations.PutScalingPolicy?.(
    {
      ...about,
      PolicyName: 'cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 60,
        PredefinedMetricSpecification: { PredefinedMetricType: 'RDSReaderAverageCPUUtilization' },
      },
    },
    call,
  );
  operations.PutScheduledAction?.(
    {
      ...about,
      ScheduledActionName: 'mornings',
      Schedule: 'cron(0 7 * * ? *)',
      ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 4 },
    },
    call,
  );
}

/** The alarm watches what serves, whatever that is, and the other one what it watched. */
const isWatched: Trouble = (stage) => {
  const { cloudWatch, rds } = stage.account;
  const { MetricAlarms = [] } = (cloudWatch.operations.DescribeAlarms?.({}, call) ??
    {}) as DescribeAlarmsOutput;
  const textOf = (name: string) =>
    JSON.stringify(MetricAlarms.find(({ AlarmName }) => AlarmName === name)?.Metrics);
  const serving = servingOf(stage) ?? '';
  const bystander = rds.world.instances.find(
    (one) => one.DBInstanceIdentifier === 'bystander',
  )?.DbiResourceId;
  for (const [name, id] of [
    ['load', serving],
    ['load of another', bystander],
  ] as [string, string][])
    if (textOf(name)?.split(id).length !== 3) throw new Error(`the alarm ${name} does not watch ${id}`);
};

/** Readers of what serves are scaled as those of blue were, and its databases have the tags of blue. */
const isAsBefore: Trouble = (stage) => {
  const { rds } = stage.account;
  const holders = holdersOf(stage, servingOf(stage));
  if (!holders.every(({ TagList }) => TagList.some(({ Key }) => Key === 'team')))
    throw new Error('production lacks the tag of blue');
  if (!stage.kind.isCluster) return;
  const names = holders.map((one) => `cluster:${'DBClusterMembers' in one ? one.DBClusterIdentifier : ''}`);
  const scaled = rds.world.scaling.find(({ ResourceId }) => names.includes(ResourceId));
  const seen = scaled && [
    scaled.MinCapacity,
    scaled.MaxCapacity,
    ...scaled.policies.map((one) => [
      one.PolicyName,
      one.TargetTrackingScalingPolicyConfiguration?.TargetValue,
    ]),
    ...scaled.schedules.map((one) => one.ScheduledActionName),
  ];
  if (JSON.stringify(seen) !== JSON.stringify([1, 4, ['cpu', 60], 'mornings']))
    throw new Error(`${names.join()} is scaled as ${JSON.stringify(seen)}`);
};

/** What serves has so many of them in force, on each database. */
const has =
  (count: number): Trouble =>
  (stage) => {
    const holders = holdersOf(stage, servingOf(stage));
    const active = holders.map(
      ({ AssociatedRoles = [] }) => AssociatedRoles.filter(({ Status }) => Status === 'ACTIVE').length,
    );
    if (active.length === 0 || active.some((found) => found !== count))
      throw new Error(`production has [${active.join(', ')}] IAM roles in force, and not ${count}`);
  };

/** Whoever has subscribed to the events of production hears those of what serves, by whatever name, and nobody else does. */
const isHeard: Trouble = (stage) => {
  const names: (string | undefined)[] = holdersOf(stage, servingOf(stage)).map((one) =>
    'DBClusterMembers' in one ? one.DBClusterIdentifier : one.DBInstanceIdentifier,
  );
  const [pages, others] = stage.account.rds.world.eventSubscriptions;
  if (!pages?.SourceIdsList.some((name) => names.includes(name)))
    throw new Error(`events of ${names.join(', ')} are not heard by [${pages?.SourceIdsList.join(', ')}]`);
  if (others?.SourceIdsList.join() !== 'bystander') throw new Error('others hear of production');
};

/** What serves has all of it: new production, and the target of going back, a clone too. */
export const isBeside: Trouble[] = [has(2), isHeard, isWatched, isAsBefore];

const onRoles = /^AddRoleTo/;

const ofARun: Scenario[] = [
  {
    what: 'blue has IAM roles',
    end: ends.green,
    everywhere: true,
    afterwards: [has(2), isHeard, isWatched, isAsBefore],
  },
  {
    what: 'the answer to the attaching of an IAM role is lost',
    troubles: [losesAnswer(onRoles, 'done')],
    end: ends.green,
    afterwards: [has(2)],
  },
  ...['RegisterScalableTarget', 'PutScalingPolicy', 'PutScheduledAction', 'PutMetricAlarm'].map(
    (operation): Scenario => ({
      what: `the answer to ${operation} is lost`,
      troubles: [losesAnswer(operation, 'done')],
      only: ({ isCluster }) => isCluster,
      end: ends.green,
      afterwards: [isWatched, isAsBefore],
    }),
  ),
  {
    what: 'AWS lets no alarm be changed and no reader be scaled',
    troubles: [refuses(/^(PutMetricAlarm|RegisterScalableTarget)$/, 'AccessDeniedException')],
    only: ({ isCluster }) => isCluster,
    end: ends.green,
    afterwards: [has(2), isHeard],
  },
  {
    what: 'auto scaling cannot be read before the cut',
    troubles: [when('Check parity', refuses('DescribeScalableTargets', 'AccessDeniedException'))],
    only: ({ isCluster }) => isCluster,
    end: ends.green,
    afterwards: [has(2), isWatched],
  },
  {
    what: 'AWS does not let an IAM role be attached',
    troubles: [refuses(onRoles, 'AccessDenied')],
    end: ends.green,
    afterwards: [has(0)],
  },
  {
    what: 'what was dropped cannot be put back',
    troubles: [crashes('putBackWhatWasDropped')],
    end: ends.green,
    afterwards: [has(0)],
  },
];

/** A proxy leads the application to blue. */
const proxyOnBlue: Trouble = addToBlue(({ rds: { world } }, arn) =>
  world.proxies.push({
    DBProxyName: 'pool',
    targets: [{ TargetArn: arn, RdsResourceId: arn.split(':').at(-1), TargetHealth: { State: 'AVAILABLE' } }],
  }),
);

/** Targets of proxies stand so from now on. */
const targetsAre =
  (State: TargetState): Trouble =>
  ({ account }) => {
    for (const target of account.rds.world.proxies.flatMap(({ targets }) => targets))
      target.TargetHealth = { State };
  };
const registers = when('Put back what was dropped', targetsAre('REGISTERING'));

/** People were told of a proxy that still registers, or were not. */
const isSaidToRegister =
  (expected: boolean): Trouble =>
  ({ account: { sns } }) => {
    const said = sns.messages.some(({ message }) => /is\s+still\s+REGISTERING:\s+look\s+again/.test(message));
    if (said !== expected) throw new Error(`that a proxy registers was ${said ? '' : 'not '}told`);
  };

/** The last message has what was put back. */
const putBackIsTold: Trouble = ({ account: { sns } }) => {
  const { message = '' } = sns.messages.at(-1) ?? {};
  if (!/Production\s+has\s+again:\s+IAM\s+role/.test(message))
    throw new Error(`nothing is put back in ${message}`);
};

const proxies: Scenario[] = [
  { what: 'a proxy leads to blue', troubles: [proxyOnBlue], end: ends.green, passes: ['Verify production'] },
  {
    what: 'a proxy stays with old blue',
    troubles: [proxyOnBlue, rdsPlays({ moment: 'proxies', effect: 'stay' })],
    end: ends.green,
    passes: ['Announce what production lacks'],
  },
  {
    what: 'a proxy stays with old blue, and nothing can be announced',
    troubles: [proxyOnBlue, rdsPlays({ moment: 'proxies', effect: 'stay' }), crashes('announce')],
    end: ends.green,
    passes: ['Announce what production lacks'],
  },
  {
    what: 'a proxy goes on registering, and everything else is put back',
    troubles: [besideBlue, proxyOnBlue, registers],
    end: ends.green,
    passes: ['Announce what production lacks'],
    afterwards: [has(2), isSaidToRegister(true), putBackIsTold],
  },
  {
    what: 'a proxy registers for three minutes',
    troubles: [
      proxyOnBlue,
      registers,
      when('Put back what was dropped', later(3 * minute, targetsAre('AVAILABLE'))),
    ],
    end: ends.green,
    afterwards: [isSaidToRegister(false)],
  },
];

export const putBack: Scenario[] = [
  ...ofARun.map(
    (scenario): Scenario => ({
      ...scenario,
      troubles: [besideBlue, ...(scenario.troubles ?? [])],
      passes: ['Put back what was dropped'],
    }),
  ),
  ...proxies,
];
