import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from '../clients/sns.ts';

export interface Message {
  topicArn: string;
  /** At most 100 characters of ASCII without a line break (SNS, Publish). */
  subject: string;
  /** Plain text, at most 256 KiB. */
  text: string;
  /** Subscribers filter by these. */
  attributes: Record<string, string>;
}

/**
 * Publishes a message (`Publish`).
 * @returns the message id
 */
export async function publish({ topicArn, subject, text, attributes }: Message): Promise<string> {
  const { MessageId } = await sns().send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: text,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  );
  return MessageId ?? '';
}
