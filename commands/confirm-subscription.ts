/** Confirms a subscription with AWS credentials: `npm run confirm-subscription -- 'LINK FROM THE MAIL'`. */
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns';
import { runCommand, UsageError } from './arguments.ts';

/** What the link in SNS's confirmation mail carries. */
export interface Confirmation {
  topicArn: string;
  token: string;
}

/**
 * Reads the link of SNS's confirmation mail. It is not opened: whoever opens it confirms without credentials, and
 * then everybody who has one of the mails can end the subscription.
 * @throws when it is no such link
 */
export function readConfirmationLink(link: string): Confirmation {
  const address = URL.canParse(link) ? new URL(link) : undefined;
  const topicArn = address?.searchParams.get('TopicArn') ?? '';
  const token = address?.searchParams.get('Token') ?? '';
  if (!/^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(topicArn) || !token)
    throw new UsageError('give the whole link "Confirm subscription" of the mail, in quotes; do not open it');
  return { topicArn, token };
}

/**
 * Confirms so that unsubscribing needs credentials as well (`ConfirmSubscription`, `AuthenticateOnUnsubscribe`, which no
 * other call can set).
 * @returns the ARN of the subscription
 */
export async function confirmSubscription(
  client: SNSClient,
  { topicArn, token }: Confirmation,
): Promise<string> {
  const { SubscriptionArn } = await client.send(
    new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }),
  );
  return SubscriptionArn ?? '';
}

const usage = `Confirms a subscription to messages with AWS credentials, so that ending it
needs credentials, too.

  npm run confirm-subscription -- 'LINK FROM THE MAIL'

  'LINK ...'    the whole link "Confirm subscription", in quotes; do not open it
  -h, --help    this text
  --version     the version of Viridian

Needs sns:ConfirmSubscription.
`;

async function confirm([link = '', ...others]: string[]): Promise<number> {
  if (others.length > 0) throw new UsageError(`${others[0]}: give one link, in quotes`);
  const confirmation = readConfirmationLink(link);
  const region = confirmation.topicArn.split(':')[3] ?? '';
  const arn = await confirmSubscription(new SNSClient({ region }), confirmation);
  process.stdout.write(`Confirmed ${arn}. Ending it needs credentials of the account.\n`);
  return 0;
}

if (import.meta.main) await runCommand(usage, confirm);
