import { AddTagsToResourceCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { make } from '../../../functions/aws/put-back/make.ts';
import { tags } from '../../../functions/aws/put-back/tags.ts';
import type { RawSide } from '../../../functions/aws/rds/side.ts';

const rds = mockClient(RDSClient);
beforeEach(() => rds.reset());

const tagged = (DBInstanceIdentifier: string, all: Record<string, string>): RawSide => ({
  instances: [
    {
      DBInstanceIdentifier,
      DBInstanceArn: `arn:${DBInstanceIdentifier}`,
      TagList: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
    },
  ],
});
const compare = (from: Record<string, string>, to: Record<string, string>) =>
  tags({ former: tagged('shop-new1', from), serving: tagged('shop', to), production: 'shop' });

test('tags of people that production lacks, or has with another value, are put on; none of AWS, none of ours', async () => {
  const [kept] = compare(
    { team: 'shop', cost: '2', 'aws:cloudformation:stack-name': 'a', 'viridian:execution': 'b' },
    { team: 'shop', cost: '1', own: 'x' },
  );
  expect(kept).toMatchObject({
    what: 'tags of shop',
    state: 'lacking',
    because: 'shop does not have cost of shop-new1',
  });
  if (kept?.state === 'lacking' && kept.put) await make(kept.put);
  expect(rds.commandCalls(AddTagsToResourceCommand)[0]?.args[0].input).toEqual({
    ResourceName: 'arn:shop',
    Tags: [{ Key: 'cost', Value: '2' }],
  });
});

test('with all of them it is told that they are there, and without any nothing', () => {
  expect(compare({ team: 'shop' }, { team: 'shop' })).toEqual([{ what: 'tags of shop', state: 'present' }]);
  expect(compare({ 'aws:x': 'y' }, {})).toEqual([]);
});
