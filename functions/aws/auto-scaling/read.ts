import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  type ScalingPolicy as RawPolicy,
  type ScheduledAction as RawSchedule,
} from '@aws-sdk/client-application-auto-scaling';
import type { Scaling, ScalingPolicy, ScalingSchedule } from '../../domain/close/scaling.ts';
import { scalingReader } from '../clients/auto-scaling.ts';

/** By what Application Auto Scaling knows the readers of an Aurora cluster (API reference, `ResourceId` and `ScalableDimension`). */
export const readersOf = (cluster: string) =>
  ({
    ServiceNamespace: 'rds',
    ResourceId: `cluster:${cluster}`,
    ScalableDimension: 'rds:cluster:ReadReplicaCount',
  }) as const;

/** What is registered under the name of a cluster; null: nothing. */
export async function readScaling(cluster: string): Promise<Scaling | null> {
  const { ResourceId, ...about } = readersOf(cluster);
  const { ScalableTargets: [target] = [] } = await scalingReader().send(
    new DescribeScalableTargetsCommand({ ...about, ResourceIds: [ResourceId] }),
  );
  if (!target) return null;
  const [policies, schedules] = await Promise.all([
    readAll(
      (NextToken) =>
        scalingReader().send(new DescribeScalingPoliciesCommand({ ...readersOf(cluster), NextToken })),
      (page) => page.ScalingPolicies,
    ),
    readAll(
      (NextToken) =>
        scalingReader().send(new DescribeScheduledActionsCommand({ ...readersOf(cluster), NextToken })),
      (page) => page.ScheduledActions,
    ),
  ]);
  const { DynamicScalingInSuspended, DynamicScalingOutSuspended, ScheduledScalingSuspended } =
    target.SuspendedState ?? {};
  return {
    min: target.MinCapacity ?? 0,
    max: target.MaxCapacity ?? 0,
    suspended: present({ DynamicScalingInSuspended, DynamicScalingOutSuspended, ScheduledScalingSuspended }),
    policies: policies.map(asPolicy),
    schedules: schedules.map(asSchedule),
  };
}

async function readAll<Page extends { NextToken?: string | undefined }, Item>(
  readPage: (token: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(token);
    items.push(...(itemsOf(page) ?? []));
    token = page.NextToken;
  } while (token);
  return items;
}

const asPolicy = (raw: RawPolicy): ScalingPolicy => ({
  name: raw.PolicyName ?? '',
  type: raw.PolicyType ?? '',
  settings: raw.TargetTrackingScalingPolicyConfiguration ?? raw.StepScalingPolicyConfiguration ?? {},
  alarms: (raw.Alarms ?? []).map(({ AlarmName = '' }) => AlarmName),
});

const asSchedule = (raw: RawSchedule): ScalingSchedule => ({
  name: raw.ScheduledActionName ?? '',
  schedule: raw.Schedule ?? '',
  action: raw.ScalableTargetAction ?? {},
  ...present({
    timezone: raw.Timezone,
    from: raw.StartTime?.toISOString(),
    until: raw.EndTime?.toISOString(),
  }),
});

/** Without the members that nothing is known of. */
const present = <Value>(members: Record<string, Value | undefined>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Value] => member[1] !== undefined),
  );
