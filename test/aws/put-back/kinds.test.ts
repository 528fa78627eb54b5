import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeDBClusterEndpointsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  DescribeEventSubscriptionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { readKept } from '../../../functions/aws/put-back/kinds.ts';
import { asAfterTheCut, type Sides } from '../../../functions/aws/put-back/sides.ts';
import type { RawSide } from '../../../functions/aws/rds/side.ts';

const rds = mockClient(RDSClient);
const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  rds.reset();
  rds.on(DescribeEventSubscriptionsCommand).resolves({});
  rds.on(DescribeDBProxiesCommand).resolves({});
  rds.on(DescribeDBClusterEndpointsCommand).resolves({});
  cloudWatch.reset();
  cloudWatch.on(DescribeAlarmsCommand).resolves({});
});

const role = { RoleArn: 'arn:aws:iam::1:role/imports', FeatureName: 's3Import', Status: 'ACTIVE' };
const withRole: RawSide = { instances: [{ DBInstanceIdentifier: 'shop', AssociatedRoles: [role] }] };
const compare = (former: RawSide, serving: RawSide, more: Partial<Sides> = {}) =>
  readKept({ former, serving, production: 'shop', ...more });

test('what cannot be read is lacking as a whole, and does not keep the rest from being put back', async () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  rds.on(DescribeEventSubscriptionsCommand).rejects(denied);
  expect(await compare(withRole, withRole)).toEqual([
    { what: 'IAM role imports for s3Import of shop', state: 'present' },
    { what: 'event subscriptions', state: 'lacking', because: 'they could not be read (AccessDenied: no)' },
  ]);
});

describe('what no call of ours puts back is told, with what a person does', () => {
  const monitored = { MonitoringInterval: 30, MonitoringRoleArn: 'arn:aws:iam::1:role/rds-monitoring' };
  test.each([
    [
      'Enhanced Monitoring',
      monitored,
      'Enhanced Monitoring of shop',
      'it is off; turn it on, every 30 s with the role rds-monitoring',
    ],
    [
      'Performance Insights',
      { PerformanceInsightsEnabled: true },
      'Performance Insights of shop',
      'it is off; turn it on',
    ],
    [
      'continuous backup by AWS Backup',
      { AwsBackupRecoveryPointArn: 'arn:aws:backup:eu-west-1:1:recovery-point:continuous:db-a' },
      'continuous backup of shop by AWS Backup',
      'recovery points stay with shop-old1; see that its plan selects shop, and start a backup on demand',
    ],
  ])('%s', async (_what, fields, what, because) => {
    const former = { instances: [{ DBInstanceIdentifier: 'shop-old1', ...fields }] };
    const named = { DBInstanceIdentifier: 'shop' };
    expect(await compare(former, { instances: [named] })).toEqual([{ what, state: 'lacking', because }]);
    expect(await compare(former, { instances: [{ ...named, ...fields }] })).toEqual([
      { what, state: 'present' },
    ]);
  });

  test('custom endpoints of a cluster that production has left', async () => {
    const endpoint = (DBClusterIdentifier: string, DBClusterEndpointIdentifier: string) => ({
      DBClusterIdentifier,
      DBClusterEndpointIdentifier,
      EndpointType: 'CUSTOM',
      CustomEndpointType: 'ANY',
    });
    rds.on(DescribeDBClusterEndpointsCommand).resolves({
      DBClusterEndpoints: [
        endpoint('shop-new1', 'reports'),
        endpoint('shop-new1', 'batch-old1'),
        endpoint('shop', 'batch'),
        endpoint('other', 'others'),
        { ...endpoint('shop-new1', ''), EndpointType: 'READER' },
      ],
    });
    const cluster = (DBClusterIdentifier: string): RawSide => ({
      cluster: { DBClusterIdentifier },
      instances: [],
    });
    expect(await compare(cluster('shop-new1'), cluster('shop'), { scaling: { value: null } })).toEqual([
      { what: 'custom endpoint batch', state: 'present' },
      {
        what: 'custom endpoint reports',
        state: 'lacking',
        because: 'it leads to shop-new1: delete it there and make it again for shop (ANY)',
      },
    ]);
  });

  test.each([
    ['reaches production', 'shop', 'AVAILABLE', { state: 'present' }],
    [
      'does not reach production',
      'shop',
      'UNAVAILABLE',
      {
        state: 'lacking',
        because:
          'its target shop is UNAVAILABLE (CONNECTION_FAILED): mend its secret, its security group or its role',
      },
    ],
    [
      'leads to the former production',
      'shop-old1',
      'AVAILABLE',
      {
        state: 'lacking',
        because: 'it still leads to shop-old1, and its clients with it; lead it to shop by',
        commands: [
          'aws rds deregister-db-proxy-targets --db-proxy-name pool --db-instance-identifiers shop-old1',
          'aws rds register-db-proxy-targets --db-proxy-name pool --db-instance-identifiers shop',
        ],
      },
    ],
  ] as const)('a proxy that %s', async (_what, RdsResourceId, State, kept) => {
    rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ DBProxyName: 'pool' }] });
    const TargetHealth = { State, ...(State === 'UNAVAILABLE' && { Reason: 'CONNECTION_FAILED' as const }) };
    rds.on(DescribeDBProxyTargetsCommand).resolves({ Targets: [{ RdsResourceId, TargetHealth }] });
    const side = (DBInstanceIdentifier: string) => ({ instances: [{ DBInstanceIdentifier }] });
    expect(await compare(side('shop-old1'), side('shop'))).toEqual([
      { what: 'RDS proxy pool of shop', ...kept },
    ]);
  });
});

test('before the cut green is seen with the names and tags of blue, and blue with that of old blue', () => {
  const member = (DBInstanceIdentifier: string, IsClusterWriter: boolean) => ({
    DBInstanceIdentifier,
    IsClusterWriter,
  });
  const TagList = [{ Key: 'team', Value: 'shop' }];
  const blue: RawSide = {
    cluster: {
      DBClusterIdentifier: 'shop',
      DbClusterResourceId: 'cluster-B',
      DBClusterMembers: [member('shop-1', false), member('shop-2', true)],
      TagList,
    },
    instances: [
      { DBInstanceIdentifier: 'shop-1', DbiResourceId: 'db-B1', TagList },
      { DBInstanceIdentifier: 'shop-2', DbiResourceId: 'db-B2' },
    ],
  };
  const green: RawSide = {
    cluster: {
      DBClusterIdentifier: 'shop-green-a1b2c3',
      DbClusterResourceId: 'cluster-G',
      DBClusterMembers: [member('shop-1-green-d4e5f6', true), member('extra', false)],
    },
    instances: [
      { DBInstanceIdentifier: 'shop-1-green-d4e5f6', DbiResourceId: 'db-G1' },
      { DBInstanceIdentifier: 'extra', DbiResourceId: 'db-G2' },
    ],
  };
  const { former, serving } = asAfterTheCut(blue, green);
  expect(former.cluster).toMatchObject({
    DBClusterIdentifier: 'shop-old1',
    DbClusterResourceId: 'cluster-B',
  });
  expect(former.instances.map((one) => one.DBInstanceIdentifier)).toEqual(['shop-1-old1', 'shop-2-old1']);
  expect(serving.cluster).toMatchObject({
    DBClusterIdentifier: 'shop',
    DbClusterResourceId: 'cluster-G',
    TagList,
    // The writer of green is the counterpart of that of blue, whatever both are called.
    DBClusterMembers: [member('shop-2', true), member('extra', false)],
  });
  expect(serving.instances).toMatchObject([
    { DBInstanceIdentifier: 'shop-2', DbiResourceId: 'db-G1' },
    { DBInstanceIdentifier: 'extra', DbiResourceId: 'db-G2' },
  ]);
});
