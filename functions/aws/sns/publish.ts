import { PublishCommand } from '@aws-sdk/client-sns';
import type { Announcement } from '../../domain/announcement/announcement.ts';
import { sns } from '../clients/sns.ts';

/** Protocols whose subscribers are programs; everybody else gets plain text. */
const programs = ['http', 'https', 'lambda', 'sqs', 'firehose'];

/** SNS takes 256 KiB in all (Publish); a reserve of 4 KiB is left for subject and attributes. */
const mostBytes = 252 * 1_024;

/**
 * Publishes a message to a topic (`sns:Publish`, message structure JSON): plain text for mail, JSON for programs, attributes for the
 * filters of the subscriptions.
 * @returns the message id
 */
export async function publish(topicArn: string, announcement: Announcement): Promise<string> {
  const { subject, attributes } = announcement;
  const { MessageId } = await sns().send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: writeForms(announcement),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: 'String', StringValue: value.slice(0, 256) },
        ]),
      ),
    }),
  );
  return MessageId ?? '';
}

/** One form for each protocol; what the JSON says of itself goes before the attributes. JSON that would make the whole too long gives way to what filters and pagers need; the text stays. */
function writeForms({ subject, text, json, attributes }: Announcement): string {
  const whole = formsOf(text, { ...attributes, ...json });
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  const { executionArn, links } = json;
  return formsOf(text.slice(0, 100_000), { subject, executionArn, links, shortened: true, ...attributes });
}

function formsOf(text: string, json: object): string {
  const forPrograms = JSON.stringify(json);
  return JSON.stringify({
    default: text,
    ...Object.fromEntries(programs.map((protocol) => [protocol, forPrograms])),
  });
}
