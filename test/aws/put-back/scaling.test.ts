import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { readScaling } from '../../../functions/aws/auto-scaling/read.ts';
import { make } from '../../../functions/aws/put-back/make.ts';
import { scaling } from '../../../functions/aws/put-back/scaling.ts';
import type { Scaling } from '../../../functions/domain/close/scaling.ts';

const client = mockClient(ApplicationAutoScalingClient);
beforeEach(() => {
  client.reset();
  client.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
});

const about = {
  ServiceNamespace: 'rds',
  ResourceId: 'cluster:shop',
  ScalableDimension: 'rds:cluster:ReadReplicaCount',
} as const;
const tracking = { TargetValue: 60, ScaleInCooldown: 300 };
const policy = { name: 'cpu', type: 'TargetTrackingScaling', settings: tracking, alarms: ['high', 'low'] };
const before: Scaling = {
  min: 1,
  max: 4,
  suspended: { DynamicScalingInSuspended: true },
  policies: [policy],
  schedules: [
    {
      name: 'mornings',
      schedule: 'cron(0 7 * * ? *)',
      timezone: 'Europe/Berlin',
      until: '2027-01-01T00:00:00.000Z',
      action: { MinCapacity: 2 },
    },
  ],
};

const side = (DBClusterIdentifier: string) => ({ cluster: { DBClusterIdentifier }, instances: [] });
const compare = (known: Scaling | null, ahead?: true) =>
  scaling({
    former: side('shop-old1'),
    serving: side('shop'),
    production: 'shop',
    scaling: { value: known },
    ...(ahead && { ahead }),
  });

/** What is registered under the name of production now, as AWS tells it. */
function registered(policyAlarms: string[] = ['high', 'low']): void {
  client.on(DescribeScalableTargetsCommand).resolves({
    ScalableTargets: [
      {
        ...about,
        MinCapacity: 1,
        MaxCapacity: 4,
        RoleARN: 'arn:aws:iam::1:role/scaling',
        CreationTime: new Date(0),
        SuspendedState: { DynamicScalingInSuspended: true },
      },
    ],
  });
  client.on(DescribeScalingPoliciesCommand).resolves({
    ScalingPolicies: [
      {
        ...about,
        PolicyName: 'cpu',
        PolicyARN: 'arn:1',
        PolicyType: 'TargetTrackingScaling',
        CreationTime: new Date(0),
        TargetTrackingScalingPolicyConfiguration: tracking,
        Alarms: policyAlarms.map((AlarmName) => ({ AlarmName, AlarmARN: `arn:${AlarmName}` })),
      },
    ],
  });
  client.on(DescribeScheduledActionsCommand).resolves({
    ScheduledActions: [
      {
        ...about,
        ScheduledActionName: 'mornings',
        ScheduledActionARN: 'arn:2',
        Schedule: 'cron(0 7 * * ? *)',
        Timezone: 'Europe/Berlin',
        EndTime: new Date('2027-01-01T00:00:00.000Z'),
        ScalableTargetAction: { MinCapacity: 2 },
        CreationTime: new Date(0),
      },
    ],
  });
}

test('everything that was registered before the cut is registered again, the target first', async () => {
  const kept = await compare(before);
  expect(kept.map(({ what, state }) => [what, state])).toEqual([
    ['Aurora Auto Scaling of shop, 1 to 4 readers', 'lacking'],
    ['scaling policy "cpu" of shop', 'lacking'],
    ['scheduled scaling "mornings" of shop', 'lacking'],
  ]);
  for (const one of kept) if (one.state === 'lacking' && one.put) await make(one.put);
  expect(client.commandCalls(RegisterScalableTargetCommand)[0]?.args[0].input).toEqual({
    ...about,
    MinCapacity: 1,
    MaxCapacity: 4,
    SuspendedState: { DynamicScalingInSuspended: true },
  });
  expect(client.commandCalls(PutScalingPolicyCommand)[0]?.args[0].input).toEqual({
    ...about,
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: tracking,
  });
  expect(client.commandCalls(PutScheduledActionCommand)[0]?.args[0].input).toEqual({
    ...about,
    ScheduledActionName: 'mornings',
    Schedule: 'cron(0 7 * * ? *)',
    Timezone: 'Europe/Berlin',
    EndTime: new Date('2027-01-01T00:00:00.000Z'),
    ScalableTargetAction: { MinCapacity: 2 },
  });
});

test('what is registered is read as it is kept, and is there', async () => {
  registered();
  expect(await readScaling('shop')).toEqual(before);
  expect((await compare(before)).map(({ state }) => state)).toEqual(['present', 'present', 'present']);
});

test('a policy that lost its alarms does nothing, and is made again', async () => {
  registered([]);
  expect((await compare(before)).map(({ state }) => state)).toEqual(['present', 'lacking', 'present']);
});

test('before the cut all of it is told as dropped, although it is registered under the name', async () => {
  registered();
  expect((await compare(before, true)).map(({ state }) => state)).toEqual(['lacking', 'lacking', 'lacking']);
});

test('a step policy is for a person: the alarms that start it name it by its ARN', async () => {
  const [, kept] = await compare({
    ...before,
    policies: [{ ...policy, type: 'StepScaling' }],
    schedules: [],
  });
  expect(kept).toEqual({
    what: 'scaling policy "cpu" of shop',
    state: 'lacking',
    because: expect.stringContaining('make both again'),
  });
});

test.each([
  ['nothing was registered', { value: null }, []],
  [
    'it could not be read',
    { unreadable: 'AccessDenied: no' },
    [
      {
        what: 'Aurora Auto Scaling of shop',
        state: 'lacking',
        because: 'it could not be read before the cut (AccessDenied: no)',
      },
    ],
  ],
])('where %s', async (_what, known, kept) => {
  const sides = { former: side('shop-old1'), serving: side('shop'), production: 'shop', scaling: known };
  expect(await scaling(sides)).toEqual(kept);
});
