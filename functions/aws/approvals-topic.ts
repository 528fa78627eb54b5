import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { ApprovalMessage } from '../domain/approval-message.ts';
import { sns } from './clients/sns.ts';

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

/** How many subscriptions of a topic were confirmed (`sns:GetTopicAttributes`). What is not said counts as none. */
export async function countSubscribers(topicArn: string): Promise<number> {
  const { Attributes } = await sns().send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  return Number(Attributes?.SubscriptionsConfirmed ?? 0);
}

/**
 * Mail addresses whose subscription anybody can end who has one of its mails: it was confirmed without credentials
 * (`sns:ListSubscriptionsByTopic`, `sns:GetSubscriptionAttributes`).
 */
export async function findUnguardedAddresses(topicArn: string): Promise<string[]> {
  const unguarded: string[] = [];
  for (const { SubscriptionArn, Protocol = '', Endpoint = '' } of await listSubscriptions(topicArn)) {
    if (!Protocol.startsWith('email') || !SubscriptionArn?.startsWith('arn:')) continue;
    const { Attributes } = await sns().send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    if (Attributes?.ConfirmationWasAuthenticated !== 'true') unguarded.push(Endpoint);
  }
  return unguarded;
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
