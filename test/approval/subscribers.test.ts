import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUnguardedAddresses } from '../../functions/aws/approvals-topic.ts';
import { configureClients } from '../../functions/aws/clients/settings.ts';
import { createEndpoint } from '../../local/aws/endpoint.ts';
import { SnsService } from '../../local/aws/sns.ts';
import { VirtualClock } from '../../local/clock.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:approvals';
let service: SnsService;
let client: SNSClient;

beforeEach(async () => {
  service = new SnsService({ clock: new VirtualClock(0) });
  const { requestHandler } = createEndpoint({ services: [service] });
  const credentials = { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'local' };
  configureClients({ region: 'eu-west-1', requestHandler, credentials });
  client = new SNSClient({ region: 'eu-west-1', requestHandler, credentials });
  await service.operations.CreateTopic?.({ Name: 'approvals' }, {} as never);
});
afterEach(() => configureClients(undefined));

async function subscribe(protocol: string, endpoint: string, authenticate?: 'true'): Promise<void> {
  await client.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint }));
  const Token = service.confirmationToken(topicArn, endpoint);
  if (Token)
    await client.send(
      new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token, AuthenticateOnUnsubscribe: authenticate }),
    );
}

describe('addresses that anybody with a mail can unsubscribe', () => {
  it('are those that were confirmed without credentials', async () => {
    await subscribe('email', 'guarded@example.com', 'true');
    await subscribe('email', 'opened@example.com');
    await subscribe('sqs', 'arn:aws:sqs:eu-west-1:111122223333:questions');
    expect(await findUnguardedAddresses(topicArn)).toEqual(['opened@example.com']);
  });

  it('are not those that wait for their confirmation', async () => {
    const waiting = { TopicArn: topicArn, Protocol: 'email', Endpoint: 'waiting@example.com' };
    await client.send(new SubscribeCommand(waiting));
    expect(await findUnguardedAddresses(topicArn)).toEqual([]);
  });

  it('are found on every page of a long list', async () => {
    for (let number = 0; number < 120; number += 1)
      await subscribe('email', `a${number}@example.com`, 'true');
    await subscribe('email', 'opened@example.com');
    expect(await findUnguardedAddresses(topicArn)).toEqual(['opened@example.com']);
  });
});
