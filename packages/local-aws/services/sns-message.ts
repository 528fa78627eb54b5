import type { MessageAttributeValue, PublishCommandInput } from '@aws-sdk/client-sns';
import { AwsError } from '../wire/service.ts';

const invalid = (message: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${message}`);

const mostBytes = 256 * 1024;

/** What SNS refuses about a message (API reference, Publish). */
export function checkMessage(input: PublishCommandInput): void {
  if (!input.Message) throw invalid('Empty message');
  if (Buffer.byteLength(input.Message) > mostBytes) throw invalid('Message too long');
  checkSubject(input.Subject);
  if (input.MessageStructure !== undefined) checkStructure(input.MessageStructure, input.Message);
  for (const [name, value] of Object.entries(input.MessageAttributes ?? {})) checkAttribute(name, value);
}

/** The texts of a message that was checked, by protocol. */
export function readForms({ Message = '', MessageStructure }: PublishCommandInput): Record<string, string> {
  return MessageStructure === 'json' ? (JSON.parse(Message) as Record<string, string>) : { default: Message };
}

/** Up to 100 printable ASCII characters, the first of them no space. */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (!/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) throw invalid('Subject');
}

function checkStructure(structure: string, message: string): void {
  if (structure !== 'json') throw invalid('MessageStructure');
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const byDefault = (parsed as { default?: unknown } | null)?.default;
  if (typeof byDefault !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
}

function checkAttribute(name: string, value: MessageAttributeValue): void {
  const refuse = (because: string) => new AwsError('InvalidParameterValueException', `${name}: ${because}`);
  if (!/^[\w.-]{1,256}$/.test(name) || /^(aws|amazon)\./i.test(name)) throw refuse('invalid attribute name');
  const type = value.DataType?.split('.')[0] ?? '';
  if (!['String', 'Number', 'Binary'].includes(type)) throw refuse(`invalid type ${value.DataType}`);
  const content = type === 'Binary' ? value.BinaryValue : value.StringValue;
  if (content === undefined || content.length === 0) throw refuse('the value must not be empty');
}
