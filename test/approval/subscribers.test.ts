import { ConfirmSubscriptionCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureClients } from '../../functions/aws/clients/settings.ts';
import { readSubscribers } from '../../functions/aws/sns/approvals-topic.ts';
import { SnsService } from '../../packages/local-aws/services/sns.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { createEndpoint } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';

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

const unguarded = async () =>
  (await readSubscribers(topicArn)).filter(({ isGuarded }) => !isGuarded).map(({ endpoint }) => endpoint);

describe('addresses that anybody with a mail can unsubscribe', () => {
  it('are those that were confirmed without credentials', async () => {
    await subscribe('email', 'guarded@example.com', 'true');
    await subscribe('email', 'opened@example.com');
    await subscribe('sqs', 'arn:aws:sqs:eu-west-1:111122223333:questions');
    expect(await unguarded()).toEqual(['opened@example.com']);
  });

  it('are not those that wait for their confirmation', async () => {
    const waiting = { TopicArn: topicArn, Protocol: 'email', Endpoint: 'waiting@example.com' };
    await client.send(new SubscribeCommand(waiting));
    expect(await unguarded()).toEqual([]);
  });

  it('are found on every page of a long list', async () => {
    for (let number = 0; number < 120; number += 1)
      await subscribe('email', `a${number}@example.com`, 'true');
    await subscribe('email', 'opened@example.com');
    expect(await unguarded()).toEqual(['opened@example.com']);
  });
});

describe('what a subscription lets through', () => {
  const queue = 'arn:aws:sqs:eu-west-1:111122223333:questions';

  it('is what SNS says of its filter', async () => {
    await subscribe('sqs', queue);
    const FilterPolicy = '{"group":["dba"]}';
    await client.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: `${queue}-dba`,
        Attributes: { FilterPolicy },
      }),
    );
    expect(await readSubscribers(topicArn)).toMatchObject([
      { endpoint: queue, filter: { value: { policy: undefined } } },
      {
        endpoint: `${queue}-dba`,
        filter: { value: { policy: FilterPolicy, scope: 'MessageAttributes' } },
      },
    ]);
  });

  it('is not known, without an error, when AWS does not tell it', async () => {
    await subscribe('email', 'elsewhere@example.com', 'true');
    service.operations.GetSubscriptionAttributes = () => {
      throw new AwsError('AuthorizationError', 'not the owner', 403);
    };
    expect(await readSubscribers(topicArn)).toEqual([
      {
        endpoint: 'elsewhere@example.com',
        filter: { unreadable: expect.stringContaining('not the owner') },
        isGuarded: false,
      },
    ]);
  });
});
