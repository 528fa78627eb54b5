import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renameCluster } from '../../rds/calls/renaming.ts';
import { ControlPlane } from '../../rds/control-plane.ts';
import { SimulatedDataPlane } from '../../rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addCluster } from '../../rds/world/seeding.ts';
import { createScalingService } from '../../services/scaling.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { account } from './clients.ts';

const clock = new VirtualClock();
const rds = new ControlPlane({ clock, dataPlane: new SimulatedDataPlane(clock) });
const { requestHandler } = createEndpoint({ services: [createScalingService(rds)] });
const client = new ApplicationAutoScalingClient({ ...account, requestHandler, maxAttempts: 1 });
beforeAll(async () => {
  addParameterGroup(rds, { name: 'pg', family: 'aurora-postgresql16', level: 'cluster', parameters: {} });
  await addCluster(rds, {
    DBClusterIdentifier: 'ledger',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.11',
    DBClusterParameterGroup: 'pg',
  });
});
afterAll(() => rds.stop());

const readers = {
  ServiceNamespace: 'rds',
  ResourceId: 'cluster:ledger',
  ScalableDimension: 'rds:cluster:ReadReplicaCount',
} as const;
const policy = {
  ...readers,
  PolicyName: 'cpu',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 },
} as const;

test('a policy and a schedule need a target, a target needs a cluster and both of its limits', async () => {
  await expect(client.send(new PutScalingPolicyCommand(policy))).rejects.toMatchObject({
    name: 'ObjectNotFoundException',
  });
  const schedule = { ...readers, ScheduledActionName: 'mornings', Schedule: 'rate(1 day)' };
  await expect(client.send(new PutScheduledActionCommand(schedule))).rejects.toMatchObject({
    name: 'ObjectNotFoundException',
  });
  for (const refused of [
    { ...readers, MinCapacity: 1 },
    { ...readers, MinCapacity: 3, MaxCapacity: 2 },
    { ...readers, MinCapacity: 1, MaxCapacity: 2, ResourceId: 'cluster:nothing' },
    { ...readers, MinCapacity: 1, MaxCapacity: 2, ServiceNamespace: 'ecs' as const },
  ])
    await expect(client.send(new RegisterScalableTargetCommand(refused))).rejects.toMatchObject({
      name: 'ValidationException',
    });
});

test('what is registered is listed, with the alarms of its policy, until the cluster is renamed', async () => {
  await client.send(new RegisterScalableTargetCommand({ ...readers, MinCapacity: 1, MaxCapacity: 4 }));
  await client.send(new PutScalingPolicyCommand(policy));
  await client.send(new PutScalingPolicyCommand(policy));
  await client.send(
    new PutScheduledActionCommand({ ...readers, ScheduledActionName: 'mornings', Schedule: 'rate(1 day)' }),
  );
  // A limit that is not named stays.
  await client.send(new RegisterScalableTargetCommand({ ...readers, MaxCapacity: 5 }));
  const targets = new DescribeScalableTargetsCommand({
    ServiceNamespace: 'rds',
    ResourceIds: ['cluster:ledger'],
  });
  expect((await client.send(targets)).ScalableTargets).toMatchObject([{ MinCapacity: 1, MaxCapacity: 5 }]);
  const { ScalingPolicies = [] } = await client.send(new DescribeScalingPoliciesCommand(readers));
  expect(ScalingPolicies.map(({ PolicyName, Alarms }) => [PolicyName, Alarms?.length])).toEqual([['cpu', 2]]);
  const { ScheduledActions } = await client.send(new DescribeScheduledActionsCommand(readers));
  expect(ScheduledActions).toMatchObject([{ ScheduledActionName: 'mornings' }]);

  const [cluster] = rds.world.clusters;
  if (cluster) renameCluster(rds, cluster, 'ledger-old1');
  expect((await client.send(targets)).ScalableTargets).toEqual([]);
});
