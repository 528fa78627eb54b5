import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as s3 from '@aws-sdk/client-s3';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { CloudWatchService } from '../../services/cloudwatch.ts';
import { LambdaService } from '../../services/lambda.ts';
import { serveLambda } from '../../services/lambda-service.ts';
import { LogsService } from '../../services/logs.ts';
import { createRdsService } from '../../services/rds.ts';
import { S3Service } from '../../services/s3.ts';
import { sfnService } from '../../services/sfn.ts';
import { SnsService } from '../../services/sns.ts';
import { StatesEngine } from '../../states/engine.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { addPostgres, startWorld } from './world.ts';

/** Every service behind one wire, called by the SDK's own clients: bytes are written and read as on AWS. */
async function account(fields: object = {}) {
  const world = startWorld();
  await addPostgres(world, fields);
  const { clock } = world;
  const functions = new LambdaService({ clock });
  functions.register('f', () => null);
  const groups = new LogsService({ clock });
  groups.createGroup('g');
  const buckets = new S3Service({ clock });
  buckets.createBucket('b');
  const states = new StatesEngine({ clock, region, accountId, invoke: async () => ({ payload: null }) });
  const { requestHandler } = createEndpoint({
    services: [
      createRdsService(world.rds),
      new SnsService({ clock }),
      new CloudWatchService({ clock }),
      serveLambda(functions),
      groups,
      buckets,
      sfnService(states),
    ],
  });
  const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'none' };
  const settings = { region, credentials, maxAttempts: 1, requestHandler };
  return {
    rds: new rds.RDSClient(settings),
    sns: new sns.SNSClient(settings),
    cloudwatch: new cloudwatch.CloudWatchClient(settings),
    lambda: new lambda.LambdaClient(settings),
    logs: new logs.CloudWatchLogsClient(settings),
    s3: new s3.S3Client({ ...settings, forcePathStyle: true }),
    sfn: new sfn.SFNClient(settings),
  };
}

const region = 'eu-west-1';
const accountId = '111122223333';
const arn = `arn:aws:rds:${region}:${accountId}:db:orders`;
const topic = `arn:aws:sns:${region}:${accountId}:t`;
const [earlier, later] = [new Date(Date.UTC(2026, 10, 21, 11)), new Date(Date.UTC(2026, 10, 21, 12))];
const garbage = ['none', 'Zm9v', '-5', '1.5', '!!', Buffer.from('after -1').toString('base64')];
const colour = { Filters: [{ Name: 'colour', Values: ['red'] }] };
const tagged = (Key: string, Value: string) =>
  new rds.AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key, Value }] });
const query = {
  Id: 'lag',
  MetricStat: { Metric: { Namespace: 'AWS/RDS', MetricName: 'ReplicaLag' }, Period: 60, Stat: 'Maximum' },
};

type Account = Awaited<ReturnType<typeof account>>;
type Call = (own: Account) => Promise<unknown>;
type Case = [what: string, name: string, call: Call];

const tags: Case[] = [
  ['a tag with a character that no tag has', tagged('a', 'x!')],
  ['a key with a character that no tag has', tagged('a(b)', '')],
  ['a key of AWS', tagged('aws:a', '')],
  ['a value of 257 characters', tagged('a', 'v'.repeat(257))],
  ['a key of 129 characters', tagged('k'.repeat(129), '')],
  [
    'a snapshot with a tag that no tag is',
    new rds.CreateDBSnapshotCommand({
      DBInstanceIdentifier: 'orders',
      DBSnapshotIdentifier: 'last',
      Tags: [{ Key: 'a', Value: 'x;y' }],
    }),
  ],
  [
    'a deployment with 51 tags',
    new rds.CreateBlueGreenDeploymentCommand({
      BlueGreenDeploymentName: 'viridian-test',
      Source: arn,
      Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
    }),
  ],
].map(([what, command]) => [
  what as string,
  'InvalidParameterValue',
  (own) => own.rds.send(command as rds.AddTagsToResourceCommand),
]);

const filters: Case[] = [
  rds.DescribeDBInstancesCommand,
  rds.DescribeDBClustersCommand,
  rds.DescribeDBSnapshotsCommand,
  rds.DescribeBlueGreenDeploymentsCommand,
  rds.DescribePendingMaintenanceActionsCommand,
  rds.DescribeEventsCommand,
  rds.DescribeEventSubscriptionsCommand,
  rds.DescribeDBProxiesCommand,
  rds.DescribeDBParameterGroupsCommand,
  rds.DescribeDBClusterParameterGroupsCommand,
].map((command) => {
  // One is as good as another here: all take filters.
  const Command = command as typeof rds.DescribeDBInstancesCommand;
  return [
    `a filter that RDS does not know, in ${Command.name}`,
    'InvalidParameterValue',
    (own) => own.rds.send(new Command(colour)),
  ];
});

const markers: Case[] = garbage.flatMap((text): Case[] => [
  [
    `the marker ${text} of RDS`,
    'InvalidParameterValue',
    (own) => own.rds.send(new rds.DescribeDBInstancesCommand({ Marker: text })),
  ],
  [
    `the token ${text} of SNS`,
    'InvalidParameterException',
    async (own) => {
      await own.sns.send(new sns.CreateTopicCommand({ Name: 't' }));
      return own.sns.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken: text }));
    },
  ],
  [
    `the token ${text} of CloudWatch's metrics`,
    'InvalidNextToken',
    (own) =>
      own.cloudwatch.send(
        new cloudwatch.GetMetricDataCommand({
          MetricDataQueries: [query],
          StartTime: earlier,
          EndTime: later,
          NextToken: text,
        }),
      ),
  ],
  [
    `the token ${text} of CloudWatch's alarms`,
    'InvalidNextToken',
    (own) => own.cloudwatch.send(new cloudwatch.DescribeAlarmsCommand({ NextToken: text })),
  ],
  [
    `the token ${text} of the logs`,
    'InvalidParameterException',
    (own) => own.logs.send(new logs.FilterLogEventsCommand({ logGroupName: 'g', nextToken: text })),
  ],
  [
    `the token ${text} of Step Functions`,
    'InvalidToken',
    (own) => own.sfn.send(new sfn.ListStateMachinesCommand({ nextToken: text })),
  ],
  [
    `the token ${text} of S3`,
    'InvalidArgument',
    (own) => own.s3.send(new s3.ListObjectsV2Command({ Bucket: 'b', ContinuationToken: text })),
  ],
]);

const times: Case[] = [
  [
    'metrics that end before they begin',
    'ValidationException',
    (own) =>
      own.cloudwatch.send(
        new cloudwatch.GetMetricDataCommand({
          MetricDataQueries: [query],
          StartTime: later,
          EndTime: earlier,
        }),
      ),
  ],
  [
    'metrics of no time at all',
    'ValidationException',
    (own) =>
      own.cloudwatch.send(
        new cloudwatch.GetMetricDataCommand({ MetricDataQueries: [query], StartTime: later, EndTime: later }),
      ),
  ],
  [
    'statistics that end before they begin',
    'ValidationException',
    (own) =>
      own.cloudwatch.send(
        new cloudwatch.GetMetricStatisticsCommand({
          Namespace: 'AWS/RDS',
          MetricName: 'ReplicaLag',
          StartTime: later,
          EndTime: earlier,
          Period: 60,
          Statistics: ['Maximum'],
        }),
      ),
  ],
  [
    'events that end before they begin',
    'InvalidParameterCombination',
    (own) => own.rds.send(new rds.DescribeEventsCommand({ StartTime: later, EndTime: earlier })),
  ],
  [
    'log lines that end before they begin',
    'InvalidParameterException',
    (own) =>
      own.logs.send(
        new logs.FilterLogEventsCommand({ logGroupName: 'g', startTime: +later, endTime: +earlier }),
      ),
  ],
];

const addresses = ['dba', 'dba@example', '@example.com', 'd b@example.com', 'dba@example..com', 'a@b@c.com'];
const mail: Case[] = addresses.map((Endpoint) => [
  `the mail address ${Endpoint}`,
  'InvalidParameterException',
  async (own) => {
    await own.sns.send(new sns.CreateTopicCommand({ Name: 't' }));
    return own.sns.send(new sns.SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint }));
  },
]);

const payload =
  (InvocationType: lambda.InvocationType, size: number): Call =>
  (own) =>
    own.lambda.send(
      new lambda.InvokeCommand({
        FunctionName: 'f',
        InvocationType,
        Payload: Buffer.from(JSON.stringify('x'.repeat(size - 2))),
      }),
    );
const sizes: Case[] = [
  ['a payload of 6 MB and a byte', 'RequestTooLargeException', payload('RequestResponse', 6_291_457)],
  [
    'a payload of 1 MB and a byte that nobody waits for',
    'RequestTooLargeException',
    payload('Event', 1_048_577),
  ],
];

const failover: Call = (own) =>
  own.rds.send(new rds.RebootDBInstanceCommand({ DBInstanceIdentifier: 'orders', ForceFailover: true }));
const others: Case[] = [
  ['a failover of an instance without a standby', 'InvalidParameterCombination', failover],
  [
    'the ARN of another account',
    'InvalidParameterValue',
    (own) =>
      own.rds.send(
        new rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: arn.replace(accountId, '999988887777') }),
      ),
  ],
  [
    'the ARN of another Region',
    'InvalidParameterValue',
    (own) =>
      own.rds.send(
        new rds.DeleteDBInstanceCommand({ DBInstanceIdentifier: arn.replace(region, 'us-east-1') }),
      ),
  ],
];

it.each([...tags, ...filters, ...markers, ...times, ...mail, ...sizes, ...others])(
  'refuses %s: %s',
  async (_what, name, call) => {
    const refusal = await call(await account()).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name, $fault: 'client', message: expect.stringMatching(/\S/) });
  },
);

it.each<[string, object, Call]>([
  ['tags in any script', {}, (own) => own.rds.send(tagged('équipe', 'Größe 1 @ x:y/z=+-_.'))],
  ['a failover to a standby', { MultiAZ: true }, failover],
  ['a payload of 6 MB', {}, payload('RequestResponse', 6_291_456)],
  ['a payload of 1 MB that nobody waits for', {}, payload('Event', 1_048_576)],
])('takes %s', async (_what, fields, call) => {
  await expect(call(await account(fields))).resolves.toBeDefined();
});
