import { DescribeEventSubscriptionsCommand } from '@aws-sdk/client-rds';
import type { Kept } from '../../domain/close/put-back.ts';
import { rdsReader } from '../clients/rds.ts';
import { readAllPages } from '../rds/read.ts';
import { nameOf, type Sides } from './sides.ts';

/**
 * Subscriptions to events of RDS that name the cluster or the primary. They name databases by their names (API reference,
 * `EventSubscription.SourceIdsList`), so they stay with production where its name does. A record of Route 53 leads to a database of
 * another name; and whether RDS takes the name of a subscription along with a database that it renames is not documented.
 */
export async function eventSubscriptions({ former, serving }: Sides): Promise<Kept[]> {
  const [from, to] = [nameOf(former), nameOf(serving)];
  const type = serving.cluster ? 'db-cluster' : 'db-instance';
  const subscriptions = await readAllPages(
    (Marker) => rdsReader().send(new DescribeEventSubscriptionsCommand({ Marker })),
    (page) => page.EventSubscriptionsList,
  );
  return subscriptions.flatMap(({ CustSubscriptionId: id = '', SourceType, SourceIdsList = [] }): Kept[] => {
    const what = `event subscription ${id} of ${to}`;
    if (SourceType !== type) return [];
    if (SourceIdsList.includes(to)) return [{ what, state: 'present' }];
    if (!SourceIdsList.includes(from)) return [];
    return [
      {
        what,
        state: 'lacking',
        because: `it names ${from} alone`,
        put: { kind: 'event source', subscription: id, name: to },
      },
    ];
  });
}
