import type { DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import { isAurora } from '../functions/domain/model/engine.ts';
import { createScalingService } from '../packages/local-aws/services/scaling.ts';
import type { Account } from './account.ts';
import { type Blue, databaseName, productionOf } from './blue.ts';

const call = { requestId: 'beside', service: 'monitoring', operation: 'PutMetricAlarm' };
const role = { RoleArn: 'arn:aws:iam::111122223333:role/orders-imports', FeatureName: 's3Import' };
const loadAlarm = 'orders-load';

/** Gives blue what real databases have beside their data, and what a deployment drops or leaves with old blue. It costs no time. */
export function putBeside({ rds, cloudWatch }: Account, { engine, database }: Blue): void {
  for (const holder of holdersOf(rds, database)) {
    if (!isAurora(engine) || 'DBClusterMembers' in holder)
      holder.AssociatedRoles = [{ ...role, Status: 'ACTIVE' }];
    holder.TagList.push({ Key: 'team', Value: 'orders' });
  }
  rds.world.eventSubscriptions.push({
    CustSubscriptionId: 'orders-events',
    SourceType: isAurora(engine) ? 'db-cluster' : 'db-instance',
    SourceIdsList: [databaseName],
  });
  cloudWatch.operations.PutMetricAlarm?.(
    {
      AlarmName: loadAlarm,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 5,
      Threshold: 8,
      Metrics: [
        { Id: 'load', Expression: `DB_PERF_INSIGHTS('RDS', '${database}', 'db.load.avg')`, Period: 60 },
      ],
    },
    call,
  );
  if (isAurora(engine)) scaleReaders(rds);
}

function scaleReaders(rds: Account['rds']): void {
  const about = {
    ServiceNamespace: 'rds',
    ResourceId: `cluster:${databaseName}`,
    ScalableDimension: 'rds:cluster:ReadReplicaCount',
  } as const;
  const { operations } = createScalingService(rds);
  operations.RegisterScalableTarget?.({ ...about, MinCapacity: 0, MaxCapacity: 3 }, call);
  operations.PutScalingPolicy?.(
    {
      ...about,
      PolicyName: 'orders-cpu',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 },
    },
    call,
  );
}

/** What the database that serves has of it, as the account itself knows it, in a fixed order. */
export function lookBeside(account: Account): string[] {
  const { rds, cloudWatch } = account;
  const production = productionOf(account) ?? '';
  const holders = holdersOf(rds, production);
  const names = holders.map((one) =>
    'DBClusterMembers' in one ? one.DBClusterIdentifier : one.DBInstanceIdentifier,
  );
  const { MetricAlarms = [] } = (cloudWatch.operations.DescribeAlarms?.({}, call) ??
    {}) as DescribeAlarmsOutput;
  const has: [what: string, isThere: boolean][] = [
    [
      'IAM role',
      holders.some((one) => one.AssociatedRoles?.some(({ Status }) => Status === 'ACTIVE') ?? false),
    ],
    ['tags', holders.every(({ TagList }) => TagList.some(({ Key }) => Key === 'team'))],
    [
      'event subscription',
      rds.world.eventSubscriptions.some(({ SourceIdsList }) =>
        SourceIdsList.some((id) => names.includes(id)),
      ),
    ],
    [
      'alarm',
      MetricAlarms.some(
        ({ AlarmName, Metrics }) => AlarmName === loadAlarm && JSON.stringify(Metrics).includes(production),
      ),
    ],
    [
      'scaling policy',
      rds.world.scaling.some(
        ({ ResourceId, policies }) =>
          policies.length > 0 && names.some((name) => ResourceId === `cluster:${name}`),
      ),
    ],
  ];
  return has.filter(([, isThere]) => isThere).map(([what]) => what);
}

/** The databases behind a resource id: the cluster with its instances, or the instance. */
function holdersOf({ world }: Account['rds'], resourceId: string) {
  return [
    ...world.clusters.filter(({ DbClusterResourceId }) => DbClusterResourceId === resourceId),
    ...world.instances.filter(({ database }) => database === resourceId),
  ];
}
