import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rdsReader, rdsWriter } from '../../functions/aws/clients/rds.ts';
import { configureClients } from '../../functions/aws/clients/settings.ts';
import { stepFunctions } from '../../functions/aws/clients/sfn.ts';
import { sns } from '../../functions/aws/clients/sns.ts';
import { readAlarms } from '../../functions/aws/cloudwatch/alarms.ts';
import { readMetrics } from '../../functions/aws/cloudwatch/metrics.ts';
import { invokeFunction } from '../../functions/aws/lambda.ts';
import { asSide } from '../../functions/aws/rds/side.ts';

describe('clients', () => {
  beforeEach(() => configureClients({ region: 'eu-west-1' }));
  afterEach(() => configureClients(undefined));

  test('what changes a database is sent once, everything else three times', async () => {
    expect(await rdsWriter().config.maxAttempts()).toBe(1);
    for (const client of [rdsReader(), sns(), stepFunctions()])
      expect(await client.config.maxAttempts()).toBe(3);
  });

  test('a client is kept until the settings change', async () => {
    const before = rdsReader();
    expect(rdsReader()).toBe(before);
    configureClients({ region: 'eu-north-1' });
    expect(rdsReader()).not.toBe(before);
    expect(await rdsReader().config.region()).toBe('eu-north-1');
  });
});

describe('a function that answers later than AWS does', () => {
  const patience = { requestTimeout: 100, throwOnRequestTimeout: true };
  const server = createServer((_request, response) => void setTimeout(() => response.end('"here"'), 400));
  beforeEach(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'test' };
    configureClients({ region: 'eu-west-1', endpoint, credentials, requestHandler: patience });
  });
  afterEach(() => {
    configureClients(undefined);
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });

  test('is waited for as long as its caller says, whatever the client has for calls of AWS', async () => {
    expect(await invokeFunction('slow', {}, 60)).toBe('here');
  });

  test('and no longer', async () => {
    await expect(invokeFunction('slow', {}, 0.1)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('readings of CloudWatch', () => {
  const cloudWatch = mockClient(CloudWatchClient);
  beforeEach(() => cloudWatch.reset());

  const of = (...metrics: string[]) => ({
    metrics,
    dimensions: {},
    since: 0,
    until: 240_000,
    periodSeconds: 60,
    statistic: 'Maximum' as const,
  });

  test('points of all pages come newest first', async () => {
    const at = (minute: number) => new Date(minute * 60_000);
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({
        NextToken: 'more',
        MetricDataResults: [
          { Id: 'm0', Timestamps: [at(1), at(3)], Values: [10, 30], StatusCode: 'PartialData' },
          { Id: 'm1', Timestamps: [at(1)], Values: [7], StatusCode: 'Complete' },
        ],
      })
      .resolves({
        MetricDataResults: [{ Id: 'm0', Timestamps: [at(2)], Values: [20], StatusCode: 'Complete' }],
      });
    const series = await readMetrics(of('ReplicaLag', 'CPUUtilization'));
    expect(series.map(({ points }) => points.map(({ value }) => value))).toEqual([[30, 20, 10], [7]]);
    expect(series.map(({ faulty }) => faulty)).toEqual([undefined, undefined]);
  });

  test.each(['InternalError', 'Forbidden', 'PartialData'] as const)(
    'a series that ends with %s is faulty, whatever points it has',
    async (StatusCode) => {
      cloudWatch.on(GetMetricDataCommand).resolves({
        MetricDataResults: [{ Id: 'm0', Timestamps: [new Date(0)], Values: [1], StatusCode }],
      });
      expect(await readMetrics(of('ReplicaLag'))).toMatchObject([{ faulty: StatusCode }]);
    },
  );

  test('no metrics are not asked for', async () => {
    expect(await readMetrics(of())).toEqual([]);
    expect(cloudWatch.calls()).toEqual([]);
  });

  test('alarms come in the order that was asked for, metric, composite or missing', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [{ AlarmName: 'cpu', StateValue: 'ALARM', ActionsEnabled: true }],
      CompositeAlarms: [{ AlarmName: 'all', StateValue: 'OK', ActionsEnabled: false }],
    });
    expect(await readAlarms(['all', 'gone', 'cpu'])).toEqual([
      { name: 'all', seen: { value: { state: 'OK', actionsEnabled: false } } },
      { name: 'gone', seen: { value: null } },
      { name: 'cpu', seen: { value: { state: 'ALARM', actionsEnabled: true } } },
    ]);
  });

  test('no alarms are not asked for', async () => {
    expect(await readAlarms([])).toEqual([]);
    expect(cloudWatch.calls()).toHaveLength(0);
  });
});

describe('a side', () => {
  const group = (ParameterApplyStatus: string) => [{ DBParameterGroupName: 'g', ParameterApplyStatus }];

  test.each([
    ['in-sync', 'in-sync', 'in-sync'],
    ['in-sync', 'pending-reboot', 'pending-reboot'],
    ['pending-reboot', 'in-sync', 'pending-reboot'],
    ['in-sync', undefined, ''],
  ])('of Aurora with groups that are %s and %s is %s', (own, ofCluster, shown) => {
    const { members } = asSide({
      cluster: {
        DBClusterMembers: [
          {
            DBInstanceIdentifier: 'ledger-1',
            IsClusterWriter: true,
            DBClusterParameterGroupStatus: ofCluster,
          },
        ],
      },
      instances: [{ DBInstanceIdentifier: 'ledger-1', DBParameterGroups: group(own) }],
    });
    expect(members).toMatchObject([{ role: 'writer', parameterGroupStatus: shown }]);
  });

  test('that RDS says nothing of is empty, which passes no gate', () => {
    expect(asSide({ instances: [{}] })).toMatchObject({ id: '', status: '', endpoint: '', storageGiB: null });
  });
});
