import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { ApprovalMessage } from '../../domain/approval/message.ts';
import type { SubscriptionFilter } from '../../domain/approval/subscription-filter.ts';
import { isRead, type Reading, read } from '../../domain/model/reading.ts';
import { sns } from '../clients/sns.ts';
import { attempt } from '../readings.ts';

/** Protocols whose subscribers are programs; everybody else gets plain text. */
const programs = ['http', 'https', 'lambda', 'sqs', 'firehose'];

/**
 * Publishes the question to a topic (`sns:Publish`, message structure JSON): plain text for mail, JSON for programs, attributes
 * for the filters of the subscriptions.
 */
export async function publishQuestion(topicArn: string, message: ApprovalMessage): Promise<void> {
  const { subject, text, json, attributes } = message;
  const forPrograms = JSON.stringify(json);
  const forms = Object.fromEntries(programs.map((protocol) => [protocol, forPrograms]));
  await sns().send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: text, email: text, ...forms }),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  );
}

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
