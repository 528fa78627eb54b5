import { expect, it, test } from 'vitest';
import { LambdaService } from '../../services/lambda.ts';
import { serveLambda } from '../../services/lambda-service.ts';
import { SnsService } from '../../services/sns.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { addPostgres, startWorld } from './world.ts';

const arn = 'arn:aws:rds:eu-west-1:111122223333:db:orders';

test.each<[string, string, object, string]>([
  [
    'a tag with a character that no tag has',
    'AddTagsToResource',
    { ResourceName: arn, Tags: [{ Key: 'a', Value: 'x!' }] },
    'InvalidParameterValue',
  ],
  [
    'a key with a character that no tag has',
    'AddTagsToResource',
    { ResourceName: arn, Tags: [{ Key: 'a(b)', Value: '' }] },
    'InvalidParameterValue',
  ],
  ['a marker that no page gave out', 'DescribeDBInstances', { Marker: 'Zm9v' }, 'InvalidParameterValue'],
  [
    'a filter that RDS does not know',
    'DescribeDBInstances',
    { Filters: [{ Name: 'colour', Values: ['red'] }] },
    'InvalidParameterValue',
  ],
  [
    'events that end before they begin',
    'DescribeEvents',
    { StartTime: new Date(2_000), EndTime: new Date(1_000) },
    'InvalidParameterCombination',
  ],
  [
    'a failover of an instance without a standby',
    'RebootDBInstance',
    { DBInstanceIdentifier: 'orders', ForceFailover: true },
    'InvalidParameterCombination',
  ],
  [
    'the ARN of another account',
    'DescribeDBInstances',
    { DBInstanceIdentifier: arn.replace('111122223333', '999988887777') },
    'InvalidParameterValue',
  ],
  [
    'the ARN of another Region',
    'DeleteDBInstance',
    { DBInstanceIdentifier: arn.replace('eu-west-1', 'us-east-1') },
    'InvalidParameterValue',
  ],
])('RDS refuses %s', async (_what, operation, input, name) => {
  const world = startWorld();
  await addPostgres(world);
  await expect(world.call(operation, input)).rejects.toMatchObject({ name });
});

test('RDS takes tags in any script', async () => {
  const world = startWorld();
  await addPostgres(world);
  await world.call('AddTagsToResource', {
    ResourceName: arn,
    Tags: [{ Key: 'équipe', Value: 'Größe 1 @ x:y/z=+-_.' }],
  });
  expect((await world.call('ListTagsForResource', { ResourceName: arn })).TagList).toHaveLength(2);
});

test('a standby can be failed over to', async () => {
  const world = startWorld();
  await addPostgres(world, { MultiAZ: true });
  await world.call('RebootDBInstance', { DBInstanceIdentifier: 'orders', ForceFailover: true });
});

it.each(['dba', 'dba@example', '@example.com', 'd b@example.com'])(
  'SNS refuses the address %s',
  (Endpoint) => {
    const sns = new SnsService({ clock: new VirtualClock() });
    const call = { requestId: 'r', service: 'sns', operation: 'Subscribe' };
    const created = sns.operations.CreateTopic?.({ Name: 't' }, call) as { TopicArn: string } | undefined;
    const TopicArn = created?.TopicArn;
    expect(() => sns.operations.Subscribe?.({ TopicArn, Protocol: 'email', Endpoint }, call)).toThrow(
      'Email',
    );
  },
);

it.each([
  ['RequestResponse', 6_291_457],
  ['Event', 1_048_577],
])('Lambda refuses a payload that is too large: %s, %i bytes', async (InvocationType, size) => {
  const functions = new LambdaService({ clock: new VirtualClock() });
  functions.register('f', () => null);
  const call = { requestId: 'r', service: 'lambda', operation: 'Invoke' };
  const input = { FunctionName: 'f', InvocationType, Payload: new Uint8Array(size) };
  await expect(serveLambda(functions).operations.Invoke?.(input, call)).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  });
});
