import { DescribeDBInstancesCommand, ModifyDBParameterGroupCommand } from '@aws-sdk/client-rds';
import { beforeEach, expect, test } from 'vitest';
import { letWrite, readGroupUse } from '../../../functions/aws/rds/read-only.ts';
import { copyTag, wayBackTag } from '../../../functions/domain/model/tags.ts';
import { executionArn, fakeRds, instance } from '../../handlers/fake-rds.ts';

/** Both have the group `orders`: a copy is restored with production's. */
const production = instance('orders', 'db-BLUE');
const copy = instance('viridian-copy-orders-1234', 'db-COPY', {
  TagList: [{ Key: copyTag, Value: executionArn }],
});
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  rds = fakeRds({
    instances: [production, copy],
    tags: { 'arn:aws:rds:eu-west-1:111122223333:pg:orders': { [wayBackTag]: '' } },
  });
  rds.stub.on(DescribeDBInstancesCommand).callsFake(({ Filters: [filter] = [] }) => ({
    DBInstances: rds.state.instances.filter(
      ({ DbiResourceId = '' }) => !filter || filter.Values?.includes(DbiResourceId),
    ),
  }));
});

test('the copy of a rehearsal does not take the way back from a run on production', async () => {
  expect(await readGroupUse('db-BLUE')).toEqual({ group: 'orders', users: ['orders'], tagged: true });
  await letWrite('db-BLUE');
  expect(rds.stub.commandCalls(ModifyDBParameterGroupCommand)).toHaveLength(1);
});

test('a run on the copy sets nothing in the group of production', async () => {
  await expect(letWrite('db-COPY')).rejects.toMatchObject({
    name: 'BlueGreen.CleanupIncomplete',
    message: expect.stringContaining('is shared (orders, viridian-copy-orders-1234)'),
  });
  expect(rds.writes()).toEqual([]);
});

test('another instance with the group stands in the way of both', async () => {
  rds.state.instances.push(instance('stock', 'db-STOCK'));
  for (const resourceId of ['db-BLUE', 'db-COPY'])
    await expect(letWrite(resourceId)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
  expect(rds.writes()).toEqual([]);
});
