import type {
  ConfirmSubscriptionCommandInput,
  CreateTopicCommandInput,
  GetSubscriptionAttributesCommandInput,
  ListSubscriptionsByTopicCommandInput,
  MessageAttributeValue,
  PublishCommandInput,
  SetSubscriptionAttributesCommandInput,
  SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import type { Clock } from '../clock.ts';
import { readPlace, writePageToken } from '../wire/page-token.ts';
import { AwsError, type Call, type Operation, type Service } from '../wire/service.ts';
import { accepts, type Filter } from './sns-filter.ts';
import { checkMessage, readForms } from './sns-message.ts';
import { checkPolicy } from './sns-policy.ts';

/** A message as it was published. */
export interface Message {
  at: number;
  messageId: string;
  topicArn: string;
  subject: string | undefined;
  /** What a protocol gets that has no form of its own. */
  message: string;
  /** Texts by protocol (`MessageStructure: json`); with `default` alone where the message has one form. */
  forms: Record<string, string>;
  attributes: Record<string, MessageAttributeValue>;
  /** Endpoints of the confirmed subscriptions whose filter lets it through: nobody else receives it. */
  deliveredTo: string[];
}

interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** Sent to the endpoint; given back by ConfirmSubscription. */
  token: string;
  isPending: boolean;
  /** Confirmed by a signed call that asked for credentials on unsubscribing. */
  isAuthenticated: boolean;
  filter: Filter;
}

const invalid = (message: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${message}`);
const perPage = 100;

/** The Service `sns`. Messages are kept in `messages` and handed to listeners; nothing leaves the process. */
export class SnsService implements Service {
  readonly name = 'sns';
  readonly messages: Message[] = [];
  readonly operations: Record<string, Operation> = {
    ConfirmSubscription: (input) => this.#confirm(input),
    CreateTopic: (input) => this.#createTopic(input),
    GetSubscriptionAttributes: (input) => this.#subscriptionAttributes(input),
    GetTopicAttributes: (input) => this.#topicAttributes(input.TopicArn),
    ListSubscriptionsByTopic: (input) => this.#listSubscriptions(input),
    Publish: (input, call) => this.#publish(input, call),
    SetSubscriptionAttributes: (input) => this.#setSubscriptionAttribute(input),
    Subscribe: (input) => this.#subscribe(input),
  };
  readonly #clock: Clock;
  readonly #account: string;
  readonly #region: string;
  readonly #topics = new Map<string, Record<string, string>>();
  readonly #subscriptions: Subscription[] = [];
  readonly #listeners: ((message: Message) => void)[] = [];

  constructor(options: { clock: Clock; account?: string; region?: string }) {
    this.#clock = options.clock;
    this.#account = options.account ?? '111122223333';
    this.#region = options.region ?? 'eu-west-1';
  }

  /** Called with every accepted message. */
  onMessage(listener: (message: Message) => void): void {
    this.#listeners.push(listener);
  }

  /** The token that SNS would have sent to an endpoint that has not confirmed yet. */
  confirmationToken(topicArn: string, endpoint: string): string | undefined {
    return this.#subscriptionsOf(topicArn).find((known) => known.endpoint === endpoint && known.isPending)
      ?.token;
  }

  /** Creating a topic again gives the same ARN, unless it should have other attributes. */
  #createTopic(input: CreateTopicCommandInput) {
    const name = input.Name ?? '';
    if (!/^[\w-]{1,256}$/.test(name)) throw invalid('Topic Name');
    const TopicArn = `arn:aws:sns:${this.#region}:${this.#account}:${name}`;
    const existing = this.#topics.get(TopicArn);
    const attributes = input.Attributes ?? {};
    if (existing && Object.entries(attributes).some(([key, value]) => existing[key] !== value))
      throw invalid('Attributes Reason: Topic already exists with different attributes');
    if (!existing) this.#topics.set(TopicArn, { ...attributes });
    return { TopicArn };
  }

  #publish(input: PublishCommandInput, call: Call) {
    const topicArn = input.TopicArn ?? input.TargetArn;
    if (!topicArn) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
    this.#requireTopic(topicArn);
    checkMessage(input);
    const attributes = input.MessageAttributes ?? {};
    const forms = readForms(input);
    const filtered = { message: input.Message ?? '', attributes };
    const message: Message = {
      at: this.#clock.now(),
      messageId: call.requestId,
      topicArn,
      subject: input.Subject,
      message: forms.default ?? '',
      forms,
      attributes,
      deliveredTo: this.#subscriptionsOf(topicArn)
        .filter(({ isPending, filter }) => !isPending && accepts(filter, filtered))
        .map(({ endpoint }) => endpoint),
    };
    this.messages.push(message);
    for (const listener of this.#listeners) listener(message);
    return { MessageId: message.messageId };
  }

  /** Mail and web addresses must confirm; queues and functions of the account need not. */
  #subscribe(input: SubscribeCommandInput) {
    const topicArn = input.TopicArn ?? '';
    this.#requireTopic(topicArn);
    const protocol = input.Protocol ?? '';
    if (!['email', 'email-json', 'http', 'https', 'sms', 'sqs', 'lambda', 'firehose'].includes(protocol))
      throw invalid(`Protocol ${protocol}`);
    const endpoint = input.Endpoint ?? '';
    if (!endpoint) throw invalid('Endpoint');
    if (protocol.startsWith('email') && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(endpoint))
      throw invalid('Email address');
    const same = this.#subscriptionsOf(topicArn).find(
      (known) => known.endpoint === endpoint && known.protocol === protocol,
    );
    const subscription = same ?? this.#addSubscription(topicArn, protocol, endpoint);
    for (const [name, value] of Object.entries(input.Attributes ?? {}))
      this.#setSubscriptionAttribute({
        SubscriptionArn: subscription.arn,
        AttributeName: name,
        AttributeValue: value,
      });
    const isHidden = subscription.isPending && !input.ReturnSubscriptionArn;
    return { SubscriptionArn: isHidden ? 'pending confirmation' : subscription.arn };
  }

  #addSubscription(topicArn: string, protocol: string, endpoint: string): Subscription {
    const number = String(this.#subscriptions.length + 1).padStart(12, '0');
    const isPending = ['email', 'email-json', 'http', 'https'].includes(protocol);
    const subscription = {
      arn: `${topicArn}:00000000-0000-4000-8000-${number}`,
      topicArn,
      protocol,
      endpoint,
      token: `token-${number}`,
      isPending,
      isAuthenticated: !isPending,
      filter: {},
    };
    this.#subscriptions.push(subscription);
    return subscription;
  }

  #confirm(input: ConfirmSubscriptionCommandInput) {
    this.#requireTopic(input.TopicArn ?? '');
    const subscription = this.#subscriptionsOf(input.TopicArn ?? '').find(
      ({ token }) => token === input.Token,
    );
    if (!subscription) throw invalid('Token');
    subscription.isPending = false;
    subscription.isAuthenticated = input.AuthenticateOnUnsubscribe === 'true';
    return { SubscriptionArn: subscription.arn };
  }

  #listSubscriptions(input: ListSubscriptionsByTopicCommandInput) {
    this.#requireTopic(input.TopicArn ?? '');
    const all = this.#subscriptionsOf(input.TopicArn ?? '');
    const offset = readPlace(input.NextToken);
    if (Number.isNaN(offset)) throw invalid('NextToken');
    return {
      Subscriptions: all.slice(offset, offset + perPage).map((subscription) => ({
        SubscriptionArn: subscription.isPending ? 'PendingConfirmation' : subscription.arn,
        Owner: this.#account,
        Protocol: subscription.protocol,
        Endpoint: subscription.endpoint,
        TopicArn: subscription.topicArn,
      })),
      NextToken: all.length > offset + perPage ? writePageToken(offset + perPage) : undefined,
    };
  }

  #topicAttributes(topicArn: string) {
    const attributes = this.#requireTopic(topicArn);
    const subscriptions = this.#subscriptionsOf(topicArn);
    const pending = subscriptions.filter(({ isPending }) => isPending).length;
    return {
      Attributes: {
        TopicArn: topicArn,
        Owner: this.#account,
        SubscriptionsConfirmed: String(subscriptions.length - pending),
        SubscriptionsPending: String(pending),
        SubscriptionsDeleted: '0',
        ...attributes,
      },
    };
  }

  #subscriptionAttributes(input: GetSubscriptionAttributesCommandInput) {
    const found = this.#requireSubscription(input.SubscriptionArn);
    return {
      Attributes: {
        SubscriptionArn: found.arn,
        TopicArn: found.topicArn,
        Owner: this.#account,
        Protocol: found.protocol,
        Endpoint: found.endpoint,
        PendingConfirmation: String(found.isPending),
        ConfirmationWasAuthenticated: String(found.isAuthenticated),
        ...(found.filter.policy && {
          FilterPolicy: found.filter.policy,
          FilterPolicyScope: found.filter.scope ?? 'MessageAttributes',
        }),
      },
    };
  }

  /** Of the attributes those that decide what a subscription receives. */
  #setSubscriptionAttribute(input: SetSubscriptionAttributesCommandInput) {
    const found = this.#requireSubscription(input.SubscriptionArn);
    const value = input.AttributeValue;
    if (input.AttributeName === 'FilterPolicy') found.filter.policy = checkPolicy(value ?? '');
    else if (input.AttributeName === 'FilterPolicyScope') found.filter.scope = value;
    else throw invalid(`AttributeName ${input.AttributeName}`);
    return {};
  }

  #requireSubscription(subscriptionArn: string | undefined): Subscription {
    const found = this.#subscriptions.find(({ arn }) => arn === subscriptionArn);
    if (!found) throw new AwsError('NotFoundException', 'Subscription does not exist', 404);
    return found;
  }

  #requireTopic(topicArn: string): Record<string, string> {
    const topic = this.#topics.get(topicArn);
    if (!topic) throw new AwsError('NotFoundException', 'Topic does not exist', 404);
    return topic;
  }

  /** Everybody unsubscribes by the link in a message. */
  unsubscribeAll(topicArn: string): void {
    const others = this.#subscriptions.filter((subscription) => subscription.topicArn !== topicArn);
    this.#subscriptions.splice(0, this.#subscriptions.length, ...others);
  }

  #subscriptionsOf(topicArn: string): Subscription[] {
    return this.#subscriptions.filter((subscription) => subscription.topicArn === topicArn);
  }
}
