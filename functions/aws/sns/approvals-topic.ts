import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { SubscriptionFilter } from '../../domain/approval/subscription-filter.ts';
import { isRead, type Reading, read } from '../../domain/model/reading.ts';
import { sns } from '../clients/sns.ts';
import { attempt } from '../readings.ts';

/** A confirmed subscription, as far as it matters for a question. */
export interface Subscriber {
  endpoint: string;
  /** What it lets through. Unreadable for instance when it belongs to another account. */
  filter: Reading<SubscriptionFilter>;
  /** Nobody can end it with a mail alone: it is no mail address, or was confirmed with credentials. */
  isGuarded: boolean;
}

/** The confirmed subscriptions of a topic (`sns:ListSubscriptionsByTopic`, `sns:GetSubscriptionAttributes`). */
export async function readSubscribers(topicArn: string): Promise<Subscriber[]> {
  const subscribers: Subscriber[] = [];
  for (const { SubscriptionArn, Protocol = '', Endpoint = '' } of await listSubscriptions(topicArn)) {
    // Others are pending or deleted, and have a word in the place of their ARN.
    if (!SubscriptionArn?.startsWith('arn:')) continue;
    const attributes = await attempt(readAttributes(SubscriptionArn));
    subscribers.push({
      endpoint: Endpoint,
      filter: isRead(attributes)
        ? read({ policy: attributes.value.FilterPolicy, scope: attributes.value.FilterPolicyScope })
        : attributes,
      isGuarded:
        !Protocol.startsWith('email') ||
        (isRead(attributes) && attributes.value.ConfirmationWasAuthenticated === 'true'),
    });
  }
  return subscribers;
}

async function readAttributes(SubscriptionArn: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await sns().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return Attributes;
}

async function listSubscriptions(topicArn: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken }));
    found.push(...(page.Subscriptions ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
