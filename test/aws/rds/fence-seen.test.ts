import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { expect, test } from 'vitest';
import { readFence } from '../../../functions/aws/rds/fence-seen.ts';
import { fakeRds } from '../../handlers/fake-rds.ts';

const group = 'sg-0123456789abcdef0';
const database = (DBInstanceIdentifier: string, VpcId: string | undefined, ...groups: string[]) => ({
  DBInstanceIdentifier,
  ...(VpcId !== undefined && { DBSubnetGroup: { VpcId } }),
  VpcSecurityGroups: groups.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: 'active' })),
});
const orders = { instances: [database('orders-1', 'vpc-a', 'sg-app')] };

test('names every database that has the group, of all pages, with its VPC', async () => {
  fakeRds()
    .stub.on(DescribeDBInstancesCommand)
    .callsFake(({ Marker }) =>
      Marker
        ? { DBInstances: [database('stock', 'vpc-a', 'sg-app', group)] }
        : { DBInstances: [...orders.instances, database('shop', 'vpc-b', group)], Marker: 'more' },
    );
  expect(await readFence(orders, group)).toEqual({
    vpc: 'vpc-a',
    standsOn: [
      { id: 'shop', vpc: 'vpc-b' },
      { id: 'stock', vpc: 'vpc-a' },
    ],
  });
});

test('a database without a VPC says nothing of its groups', async () => {
  fakeRds()
    .stub.on(DescribeDBInstancesCommand)
    .resolves({ DBInstances: [database('classic', undefined, group), database('empty', '', group)] });
  expect((await readFence(orders, group)).standsOn).toEqual([]);
});

test('a cluster of which RDS shows no VPC has none', async () => {
  fakeRds().stub.on(DescribeDBInstancesCommand).resolves({ DBInstances: [] });
  expect((await readFence({ instances: [database('orders-1', undefined)] }, group)).vpc).toBeNull();
});
