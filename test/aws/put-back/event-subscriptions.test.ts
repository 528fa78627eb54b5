import {
  AddSourceIdentifierToSubscriptionCommand,
  DescribeEventSubscriptionsCommand,
  type EventSubscription,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { eventSubscriptions } from '../../../functions/aws/put-back/event-subscriptions.ts';
import { make } from '../../../functions/aws/put-back/make.ts';

const rds = mockClient(RDSClient);
beforeEach(() => rds.reset());

const named = (DBInstanceIdentifier: string) => ({ instances: [{ DBInstanceIdentifier }] });
const [former, serving] = [named('shop'), named('shop-old1')];
const subscription = (
  SourceIdsList: string[] | undefined,
  SourceType = 'db-instance',
): EventSubscription => ({
  CustSubscriptionId: 'pages',
  SourceType,
  ...(SourceIdsList && { SourceIdsList }),
});
const look = (...EventSubscriptionsList: EventSubscription[]) => {
  rds.on(DescribeEventSubscriptionsCommand).resolves({ EventSubscriptionsList });
  return eventSubscriptions({ former, serving, production: 'shop' });
};

test('a subscription that names the former production alone gets the side that serves as well', async () => {
  const [lacking] = await look(subscription(['shop', 'other']));
  expect(lacking).toMatchObject({
    what: 'event subscription pages of shop-old1',
    state: 'lacking',
    because: 'it names shop alone',
  });
  if (lacking?.state === 'lacking' && lacking.put) await make(lacking.put);
  expect(rds.commandCalls(AddSourceIdentifierToSubscriptionCommand)[0]?.args[0].input).toEqual({
    SubscriptionName: 'pages',
    SourceIdentifier: 'shop-old1',
  });
});

test.each([
  ['names both', subscription(['shop', 'shop-old1']), [{ state: 'present' }]],
  ['names others', subscription(['other']), []],
  ['is to every database', subscription(undefined), []],
  ['is to snapshots', subscription(['shop'], 'db-snapshot'), []],
])('one that %s needs nothing', async (_what, one, kept) => {
  expect(await look(one)).toMatchObject(kept);
});
