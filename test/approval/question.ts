import type { Message } from '../../packages/local-aws/services/sns.ts';

/** A question as its subscribers get it. */
export interface Question {
  executionArn: string;
  group: string;
  occasion: string;
  subject: string;
  /** What mail shows. */
  text: string;
  /** What programs get. */
  json: Record<string, unknown>;
  attributes: Record<string, string>;
  /** What stands behind the question mark of the two links. */
  decideCode: string;
  stopCode: string;
}

export function readQuestion({ message, forms, subject = '', attributes }: Message): Question {
  const json = JSON.parse(forms.https ?? '') as Record<string, unknown>;
  const codeOf = (link: unknown) => String(link ?? '').split('?')[1] ?? '';
  return {
    executionArn: String(json.executionArn),
    group: String(json.group),
    occasion: String(json.occasion),
    subject,
    text: message,
    json,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    ),
    decideCode: codeOf(json.decideLink),
    stopCode: codeOf(json.stopLink),
  };
}
