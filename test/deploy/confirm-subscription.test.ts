import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { confirmSubscription, readConfirmationLink } from '../../commands/confirm-subscription.ts';
import { SnsService } from '../../packages/local-aws/services/sns.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { createEndpoint } from '../../packages/local-aws/wire/endpoint.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:viridian-dev-approvals';
const link = (parameters: Record<string, string>) =>
  `https://sns.eu-west-1.amazonaws.com/confirmation.html?${new URLSearchParams(parameters)}`;

describe('confirming a subscription', () => {
  it('reads topic and token from the link of the mail', () => {
    const parameters = { TopicArn: topicArn, Token: '2336412f37', Endpoint: 'dba@example.com' };
    expect(readConfirmationLink(link(parameters))).toEqual({ topicArn, token: '2336412f37' });
  });

  it.each([
    ['nothing', ''],
    ['another link', 'https://example.com/'],
    ['a link without a token', link({ TopicArn: topicArn })],
    ['a link that names no topic', link({ TopicArn: 'orders', Token: 'abc' })],
  ])('refuses %s and says what to give', (_, text) => {
    expect(() => readConfirmationLink(text)).toThrow(/whole link/);
  });

  it('asks for credentials on unsubscribing, which only this call can ask for', async () => {
    const sns = new SnsService({ clock: new VirtualClock(0) });
    const inputs: unknown[] = [];
    const { requestHandler } = createEndpoint({
      services: [sns],
      onCall: ({ call, input }) => call.operation === 'ConfirmSubscription' && inputs.push(input),
    });
    const credentials = { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'local' };
    const client = new SNSClient({ region: 'eu-west-1', requestHandler, credentials });
    await sns.operations.CreateTopic?.({ Name: 'viridian-dev-approvals' }, {} as never);
    const subscription = { TopicArn: topicArn, Protocol: 'email', Endpoint: 'dba@example.com' };
    await sns.operations.Subscribe?.(subscription, {} as never);
    const token = sns.confirmationToken(topicArn, 'dba@example.com') ?? '';

    expect(await confirmSubscription(client, { topicArn, token })).toContain(topicArn);
    expect(inputs).toEqual([{ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' }]);
    expect(sns.confirmationToken(topicArn, 'dba@example.com')).toBeUndefined();
  });
});
