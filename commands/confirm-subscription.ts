/** Confirms a subscription with AWS credentials: `npm run confirm-subscription -- 'LINK FROM THE MAIL'`. */
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns';

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
    throw new Error('give the whole link "Confirm subscription" of the mail, in quotes; do not open it');
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

async function main(link = ''): Promise<void> {
  const confirmation = readConfirmationLink(link);
  const region = confirmation.topicArn.split(':')[3] ?? '';
  const arn = await confirmSubscription(new SNSClient({ region }), confirmation);
  process.stdout.write(`Confirmed ${arn}. Ending it needs credentials of the account.\n`);
}

if (import.meta.main)
  await main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
