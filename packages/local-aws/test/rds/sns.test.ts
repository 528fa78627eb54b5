import { describe, expect, it } from 'vitest';
import { SnsService } from '../../services/sns.ts';
import { VirtualClock } from '../../virtual-clock.ts';

async function topic() {
  const sns = new SnsService({ clock: new VirtualClock() });
  let calls = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers field by field
  const call = async (operation: string, input: object = {}): Promise<any> => {
    calls += 1;
    return sns.operations[operation]?.(input, { requestId: `r${calls}`, service: 'sns', operation });
  };
  const { TopicArn } = await call('CreateTopic', { Name: 'viridian' });
  return { sns, call, TopicArn };
}

describe('Publish', () => {
  it('keeps the message and names who receives it', async () => {
    const { sns, call, TopicArn } = await topic();
    await call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-west-1:111122223333:q' });
    await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'dba@example.com' });
    const heard: string[] = [];
    sns.onMessage(({ message }) => heard.push(message));
    const attributes = { severity: { DataType: 'String', StringValue: 'page' } };
    const { MessageId } = await call('Publish', {
      TopicArn,
      Subject: 'Switchover',
      Message: 'done',
      MessageAttributes: attributes,
    });
    expect(sns.messages).toMatchObject([
      {
        messageId: MessageId,
        topicArn: TopicArn,
        subject: 'Switchover',
        message: 'done',
        attributes,
        deliveredTo: ['arn:aws:sqs:eu-west-1:111122223333:q'],
      },
    ]);
    expect(heard).toEqual(['done']);
  });

  const refusals: [string, string, object][] = [
    ['an unknown topic', 'NotFoundException', { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:none' }],
    ['no text', 'InvalidParameterException', { Message: '' }],
    ['too long a text', 'InvalidParameterException', { Message: 'é'.repeat(131_073) }],
    ['a subject of 101 characters', 'InvalidParameterException', { Subject: 'a'.repeat(101) }],
    ['a subject of two lines', 'InvalidParameterException', { Subject: 'a\nb' }],
    ['a subject beyond ASCII', 'InvalidParameterException', { Subject: 'geschafft – grün' }],
    ['an empty subject', 'InvalidParameterException', { Subject: '' }],
    ['no JSON', 'InvalidParameterException', { MessageStructure: 'json', Message: 'text' }],
    [
      'JSON without default',
      'InvalidParameterException',
      { MessageStructure: 'json', Message: '{"email":"x"}' },
    ],
    [
      'an attribute without value',
      'InvalidParameterValueException',
      { MessageAttributes: { a: { DataType: 'String' } } },
    ],
    [
      'an unknown type',
      'InvalidParameterValueException',
      { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
    ],
  ];
  it.each(refusals)('refuses %s: %s', async (_, name, input) => {
    const { sns, call, TopicArn } = await topic();
    await expect(call('Publish', { TopicArn, Message: 'done', ...input })).rejects.toMatchObject({ name });
    expect(sns.messages).toEqual([]);
  });

  it('takes a subject of exactly 100 characters', async () => {
    const { sns, call, TopicArn } = await topic();
    await call('Publish', { TopicArn, Message: 'done', Subject: 'a'.repeat(100) });
    expect(sns.messages).toHaveLength(1);
  });
});

describe('subscriptions', () => {
  it('of a mailbox are pending until they are confirmed', async () => {
    const { sns, call, TopicArn } = await topic();
    const Endpoint = 'dba@example.com';
    const { SubscriptionArn } = await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint });
    expect(SubscriptionArn).toBe('pending confirmation');
    const list = async () => (await call('ListSubscriptionsByTopic', { TopicArn })).Subscriptions;
    const counts = async () => {
      const { Attributes } = await call('GetTopicAttributes', { TopicArn });
      return [Attributes.SubscriptionsConfirmed, Attributes.SubscriptionsPending];
    };
    expect(await list()).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Endpoint }]);
    expect(await counts()).toEqual(['0', '1']);
    await expect(call('ConfirmSubscription', { TopicArn, Token: 'guess' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const confirmed = await call('ConfirmSubscription', {
      TopicArn,
      Token: sns.confirmationToken(TopicArn, Endpoint),
    });
    expect(await list()).toMatchObject([{ SubscriptionArn: confirmed.SubscriptionArn }]);
    expect(await counts()).toEqual(['1', '0']);
    const { Attributes } = await call('GetSubscriptionAttributes', confirmed);
    expect(Attributes).toMatchObject({ PendingConfirmation: 'false', Endpoint, TopicArn });
  });

  it('are paged by 100, and subscribing twice makes one', async () => {
    const { call, TopicArn } = await topic();
    for (let n = 0; n < 101; n += 1)
      for (let time = 0; time < 2; time += 1)
        await call('Subscribe', {
          TopicArn,
          Protocol: 'sqs',
          Endpoint: `arn:aws:sqs:eu-west-1:111122223333:q${n}`,
        });
    const first = await call('ListSubscriptionsByTopic', { TopicArn });
    const second = await call('ListSubscriptionsByTopic', { TopicArn, NextToken: first.NextToken });
    expect([first.Subscriptions.length, second.Subscriptions.length, second.NextToken]).toEqual([
      100,
      1,
      undefined,
    ]);
  });
});

describe('CreateTopic', () => {
  it('gives the same ARN again, and refuses other attributes', async () => {
    const { call, TopicArn } = await topic();
    expect(await call('CreateTopic', { Name: 'viridian' })).toEqual({ TopicArn });
    await expect(
      call('CreateTopic', { Name: 'viridian', Attributes: { DisplayName: 'other' } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
