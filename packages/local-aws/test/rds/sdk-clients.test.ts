import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateBlueGreenDeploymentCommand,
  DBInstanceNotFoundFault,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBInstancesCommand,
  InvalidBlueGreenDeploymentStateFault,
  paginateDescribeDBInstances,
  RDSClient,
  RDSServiceException,
  SwitchoverBlueGreenDeploymentCommand,
} from '@aws-sdk/client-rds';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { rdsMetrics } from '../../rds/metrics.ts';
import { addInstance } from '../../rds/world/seeding.ts';
import { CloudWatchService } from '../../services/cloudwatch.ts';
import { createRdsService } from '../../services/rds.ts';
import { SnsService } from '../../services/sns.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { addPostgres, minute, startWorld } from './world.ts';

function clients() {
  const world = startWorld();
  const { clock } = world;
  const sns = new SnsService({ clock });
  const cloudwatch = new CloudWatchService({
    clock,
    sources: [rdsMetrics(world.rds)],
  });
  const { requestHandler } = createEndpoint({ services: [createRdsService(world.rds), sns, cloudwatch] });
  const settings = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler,
  };
  return {
    world,
    rds: new RDSClient(settings),
    snsClient: new SNSClient(settings),
    cloudwatchClient: new CloudWatchClient(settings),
  };
}

describe('the SDK’s own clients', () => {
  it('carry a deployment from creation to completion', async () => {
    const { world, rds } = clients();
    const blue = await addPostgres(world);
    const { BlueGreenDeployment: created } = await rds.send(
      new CreateBlueGreenDeploymentCommand({
        BlueGreenDeploymentName: 'viridian-test',
        Source: blue.DBInstanceArn,
        TargetEngineVersion: '17.10',
        Tags: [{ Key: 'viridian:execution', Value: 'run-1' }],
      }),
    );
    expect(created?.CreateTime).toEqual(new Date(world.clock.now()));
    expect(created?.TagList).toEqual([{ Key: 'viridian:execution', Value: 'run-1' }]);
    await world.wait(60 * minute);
    const named = { BlueGreenDeploymentIdentifier: created?.BlueGreenDeploymentIdentifier };
    await rds.send(new SwitchoverBlueGreenDeploymentCommand(named));
    const again = rds.send(new SwitchoverBlueGreenDeploymentCommand(named));
    await expect(again).rejects.toBeInstanceOf(InvalidBlueGreenDeploymentStateFault);
    await world.wait(5 * minute);
    const { BlueGreenDeployments } = await rds.send(new DescribeBlueGreenDeploymentsCommand(named));
    expect(BlueGreenDeployments?.[0]).toMatchObject({
      Status: 'SWITCHOVER_COMPLETED',
      Target: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
    });
    expect(
      world.rds.journal.mutations.map(({ operation, accessKeyId, refused }) => [
        operation,
        accessKeyId,
        refused,
      ]),
    ).toEqual([
      ['CreateBlueGreenDeployment', 'AKIDLOCAL', undefined],
      ['SwitchoverBlueGreenDeployment', 'AKIDLOCAL', undefined],
      ['SwitchoverBlueGreenDeployment', 'AKIDLOCAL', 'InvalidBlueGreenDeploymentStateFault'],
    ]);
  });

  it('get modelled errors by class and others by name', async () => {
    const { rds } = clients();
    const missing = rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'none' }));
    await expect(missing).rejects.toBeInstanceOf(DBInstanceNotFoundFault);
    const invalid = await rds.send(new DescribeDBInstancesCommand({ MaxRecords: 1 })).catch((error) => error);
    expect(invalid).toBeInstanceOf(RDSServiceException);
    expect(invalid.name).toBe('InvalidParameterValue');
  });

  it('page through many instances', async () => {
    const { world, rds } = clients();
    for (let n = 0; n < 45; n += 1)
      await addInstance(world.rds, { DBInstanceIdentifier: `db-${n}`, EngineVersion: '16.14' });
    const pages: number[] = [];
    for await (const { DBInstances } of paginateDescribeDBInstances({ client: rds, pageSize: 20 }, {}))
      pages.push(DBInstances?.length ?? 0);
    expect(pages).toEqual([20, 20, 5]);
  });

  it('read metrics and publish messages', async () => {
    const { world, cloudwatchClient, snsClient } = clients();
    await addPostgres(world);
    await world.wait(5 * minute);
    const now = world.clock.now();
    const { MetricDataResults } = await cloudwatchClient.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - 3 * minute),
        EndTime: new Date(now),
        MetricDataQueries: [
          {
            Id: 'cpu',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/RDS',
                MetricName: 'CPUUtilization',
                Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'orders' }],
              },
              Period: 60,
              Stat: 'Average',
            },
          },
        ],
      }),
    );
    expect(MetricDataResults?.[0]?.Values).toEqual([30]);
    const unknown = snsClient.send(
      new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:111122223333:none', Message: 'x' }),
    );
    await expect(unknown).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
