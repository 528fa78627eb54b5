import { expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import { readStanding } from '../../functions/databases/standing.ts';
import { greenTag } from '../../functions/domain/model/tags.ts';
import { executionArn, fakeRds, instance } from '../handlers/fake-rds.ts';
import { beforeCut, blueId, greenId } from '../handlers/runs.ts';

const mark = { TagList: [{ Key: greenTag, Value: executionArn }] };
const blue = instance('orders', blueId);
const green = instance('orders-green-abc123', greenId, mark);
const member = instance('orders-replica-green-abc123', 'db-GREEN2', {
  ReadReplicaSourceDBInstanceIdentifier: 'orders-green-abc123',
  ...mark,
});

test('the marks of a green that is kept are told, each with the command that takes it away', async () => {
  const arns = [green, member].map(({ DBInstanceArn = '' }) => DBInstanceArn);
  fakeRds({
    instances: [blue, green, member],
    tags: Object.fromEntries(arns.map((arn) => [arn, { [greenTag]: executionArn }])),
  });
  const deployment = {
    ...beforeCut.deployment,
    blue: asSide({ instances: [blue] }),
    green: asSide({ instances: [green, member] }),
  };
  const found = await readStanding({ executionArn, request: {}, deployment }, { value: blueId });
  expect(found).toMatchObject(
    arns.map((arn) => ({
      kind: 'tags',
      resourceId: greenId,
      remove: {
        command: `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys viridian:green`,
      },
    })),
  );
});
