import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeOrderableDBInstanceOptionsCommand } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { readNeighbours } from '../../../functions/aws/rds/neighbours.ts';
import { blueSide, instance, member, request } from '../../domain/sample.ts';
import { fakeRds } from '../../handlers/fake-rds.ts';

test('asks whether every class that green is to have can be ordered, those of single members as well', async () => {
  mockClient(CloudWatchClient).onAnyCommand().resolves({});
  const rds = fakeRds();
  rds.stub.on(DescribeOrderableDBInstanceOptionsCommand).callsFake(({ DBInstanceClass }) => ({
    OrderableDBInstanceOptions: DBInstanceClass === 'db.m4.large' ? [] : [{ DBInstanceClass }],
  }));
  const blue = blueSide({
    members: [member('orders'), member('orders-r1', { role: 'reader' })],
  });
  const { target } = request({
    target: {
      instanceClass: 'db.r8g.large',
      members: [{ member: 'orders-r1', instanceClass: 'db.m4.large' }],
    },
  });
  const { notOrderable } = await readNeighbours(instance, blue, '17.10', { target });
  expect(notOrderable).toEqual({ value: ['db.m4.large'] });
  const asked = rds.stub.commandCalls(DescribeOrderableDBInstanceOptionsCommand);
  expect(asked.map(({ args }) => args[0].input.DBInstanceClass)).toEqual(['db.r8g.large', 'db.m4.large']);
});
