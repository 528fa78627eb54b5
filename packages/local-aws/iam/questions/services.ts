import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type * as Lambda from '@aws-sdk/client-lambda';
import type * as Route53 from '@aws-sdk/client-route-53';
import type { GetSecretValueRequest } from '@aws-sdk/client-secrets-manager';
import type * as Sns from '@aws-sdk/client-sns';
import type { KmsKeys } from '../../services/kms.ts';
import type { LambdaService } from '../../services/lambda.ts';
import type { SecretsService } from '../../services/secrets.ts';
import type { Question } from '../policy.ts';

// biome-ignore lint/suspicious/noExplicitAny: the rows name the SDK's own input types
export type Rows = Record<string, (input: any) => Question[]>;

interface Place {
  region: string;
  accountId: string;
}

const everywhere = (action: string) => (): Question[] => [{ action, resource: '*' }];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudWatchRows = ({ region, accountId }: Place): Rows => ({
  GetMetricData: everywhere('cloudwatch:GetMetricData'),
  GetMetricStatistics: everywhere('cloudwatch:GetMetricStatistics'),
  ListMetrics: everywhere('cloudwatch:ListMetrics'),
  // Composite alarms are shown only to a right on every alarm.
  DescribeAlarms: everywhere('cloudwatch:DescribeAlarms'),
  PutMetricAlarm: ({ AlarmName }: PutMetricAlarmInput) => [
    {
      action: 'cloudwatch:PutMetricAlarm',
      resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${AlarmName}`,
    },
  ],
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html */
export const scalingRows = ({ region, accountId }: Place): Rows => {
  const changes =
    (action: string) =>
    ({ ServiceNamespace, ScalableDimension }: Partial<Scaling.RegisterScalableTargetRequest>): Question[] => [
      {
        action: `application-autoscaling:${action}`,
        resource: `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/local`,
        context: {
          'application-autoscaling:service-namespace': ServiceNamespace ?? '',
          'application-autoscaling:scalable-dimension': ScalableDimension ?? '',
        },
      },
    ];
  return {
    DescribeScalableTargets: everywhere('application-autoscaling:DescribeScalableTargets'),
    DescribeScalingPolicies: everywhere('application-autoscaling:DescribeScalingPolicies'),
    DescribeScheduledActions: everywhere('application-autoscaling:DescribeScheduledActions'),
    RegisterScalableTarget: changes('RegisterScalableTarget'),
    PutScalingPolicy: changes('PutScalingPolicy'),
    PutScheduledAction: changes('PutScheduledAction'),
  };
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kmsRows = (keys: KmsKeys): Rows => {
  const on =
    (action: string) =>
    ({ KeyId = '' }: { KeyId?: string }): Question[] => [
      { action: `kms:${action}`, resource: keys.find(KeyId).metadata.Arn ?? '' },
    ];
  return {
    GenerateMac: on('GenerateMac'),
    VerifyMac: on('VerifyMac'),
    DescribeKey: on('DescribeKey'),
    Sign: signs,
  };
};

/** A key that signs is named by its ARN here. */
const signs = ({ KeyId = '' }: { KeyId?: string }): Question[] => [{ action: 'kms:Sign', resource: KeyId }];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3Rows: Rows = {
  PutObject: objectQuestion('s3:PutObject'),
  GetObject: objectQuestion('s3:GetObject'),
  ListObjectsV2: ({ Bucket = '', Prefix = '' }: { Bucket?: string; Prefix?: string }) => [
    { action: 's3:ListBucket', resource: `arn:aws:s3:::${Bucket}`, context: { 's3:prefix': Prefix } },
  ],
};

function objectQuestion(action: string): Rows[string] {
  return ({ Bucket = '', Key = '' }: { Bucket?: string; Key?: string }) => [
    { action, resource: `arn:aws:s3:::${Bucket}/${Key}` },
  ];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logsRows = ({ region, accountId }: Place): Rows => ({
  FilterLogEvents: ({ logGroupName = '' }: { logGroupName?: string }) => [
    {
      action: 'logs:FilterLogEvents',
      resource: `arn:aws:logs:${region}:${accountId}:log-group:${logGroupName}:*`,
    },
  ],
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambdaRows = (functions: LambdaService): Rows => ({
  Invoke: ({ FunctionName = '', Qualifier }: Lambda.InvocationRequest) => [
    { action: 'lambda:InvokeFunction', resource: functions.qualifiedArn(FunctionName, Qualifier) },
  ],
});

/**
 * Publishing to an encrypted topic uses its key on behalf of the caller.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const snsRows = (topicKey: string | undefined): Rows => ({
  Publish: ({ TopicArn = '' }: Sns.PublishInput) => [
    { action: 'sns:Publish', resource: TopicArn },
    ...['Decrypt', 'GenerateDataKey'].flatMap((action) =>
      topicKey === undefined
        ? []
        : [
            {
              action: `kms:${action}`,
              resource: topicKey,
              context: { 'kms:EncryptionContext:aws:sns:topicArn': TopicArn },
            },
          ],
    ),
  ],
  ListSubscriptionsByTopic: ({ TopicArn = '' }: Sns.ListSubscriptionsByTopicInput) => [
    { action: 'sns:ListSubscriptionsByTopic', resource: TopicArn },
  ],
  GetSubscriptionAttributes: everywhere('sns:GetSubscriptionAttributes'),
});

/**
 * The condition keys of a change are lists, of names as IAM compares them: in small letters and without the last dot.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 */
export const route53Rows: Rows = {
  ListResourceRecordSets: ({ HostedZoneId = '' }: Route53.ListResourceRecordSetsRequest) => [
    { action: 'route53:ListResourceRecordSets', resource: zoneArn(HostedZoneId) },
  ],
  ChangeResourceRecordSets: ({ HostedZoneId = '', ChangeBatch }: Route53.ChangeResourceRecordSetsRequest) => {
    const changes = ChangeBatch?.Changes ?? [];
    const names = changes.map(({ ResourceRecordSet: set }) =>
      (set?.Name ?? '').toLowerCase().replace(/\.$/, ''),
    );
    return [
      {
        action: 'route53:ChangeResourceRecordSets',
        resource: zoneArn(HostedZoneId),
        context: {
          'route53:ChangeResourceRecordSetsActions': changes.map(({ Action = '' }) => Action),
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
          'route53:ChangeResourceRecordSetsRecordTypes': changes.map(
            ({ ResourceRecordSet: set }) => set?.Type ?? '',
          ),
        },
      },
    ];
  },
  GetChange: ({ Id = '' }: Route53.GetChangeRequest) => [
    { action: 'route53:GetChange', resource: `arn:aws:route53:::change/${Id.replace('/change/', '')}` },
  ],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsRows = (secrets: SecretsService): Rows => ({
  GetSecretValue: ({ SecretId = '' }: GetSecretValueRequest) => [
    { action: 'secretsmanager:GetSecretValue', resource: secrets.arnOf(SecretId) ?? SecretId },
  ],
});

const zoneArn = (id: string): string => `arn:aws:route53:::hostedzone/${id.replace('/hostedzone/', '')}`;
