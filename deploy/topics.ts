import { att, type Resource, type Resources, ref, type Value } from './cloudformation.ts';
import type { Settings } from './settings.ts';

/** Announcements: outcomes, reports and alarms. Approvals: questions with their links. */
export function describeTopics({ prefix, email, approvers, approvalEndpoints }: Settings): Resources {
  return {
    Announcements: topic(`${prefix}-announcements`),
    Approvals: topic(`${prefix}-approvals`),
    AnnouncementsPolicy: policy('Announcements', [
      tlsOnly('Announcements'),
      {
        Sid: 'AlarmsOfThisAccount',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: ref('Announcements'),
        Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
      },
    ]),
    ApprovalsPolicy: policy('Approvals', [
      tlsOnly('Approvals'),
      ...(approvers.length > 0 ? [onlySubscribers([...approvers, ...approvalEndpoints])] : []),
    ]),
    ...(email && { AnnouncementsByMail: subscription('Announcements', email) }),
    ...Object.fromEntries(
      approvers.map((address, index) => [`ApprovalsByMail${index + 1}`, subscription('Approvals', address)]),
    ),
  };
}

function topic(name: string): Resource {
  return {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: name, KmsMasterKeyId: att('MessagesKey') },
  };
}

function subscription(topicId: string, address: string): Resource {
  return {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: ref(topicId), Protocol: 'email', Endpoint: address },
  };
}

function policy(topicId: string, statements: Value[]): Resource {
  return {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref(topicId)],
      PolicyDocument: { Version: '2012-10-17', Statement: statements },
    },
  };
}

/**
 * A message of this topic holds a link that decides, so whoever subscribes may approve. The endpoint of a subscription is a condition key
 * (service authorization reference, Amazon SNS).
 */
const onlySubscribers = (endpoints: string[]): Value => ({
  Sid: 'KnownSubscribersOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sns:Subscribe',
  Resource: ref('Approvals'),
  Condition: { StringNotEquals: { 'sns:Endpoint': endpoints } },
});

const tlsOnly = (topicId: string): Value => ({
  Sid: 'OverTlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sns:Publish',
  Resource: ref(topicId),
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
