import { describe, expect, it } from 'vitest';
import { addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

const arn = (name: string) => `arn:aws:rds:eu-west-1:111122223333:db:${name}`;

async function upgraded() {
  const world = startWorld();
  const blue = await addPostgres(world);
  const id = await createAndWait(world, blue.DBInstanceArn, { TargetEngineVersion: '17.10' });
  const before = await describeDeployment(world, id);
  return { world, blue, id, before, greenId: world.rds.world.deployments[0]?.members[0].green ?? '' };
}

describe('creating a deployment of an RDS instance', () => {
  it('answers without target, then shows the tasks one by one', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    const { BlueGreenDeployment: created } = await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: blue.DBInstanceArn,
      TargetEngineVersion: '17.10',
    });
    expect(created).toMatchObject({ Status: 'PROVISIONING', Source: arn('orders') });
    expect(created.Target).toBeUndefined();
    expect(created.SwitchoverDetails).toEqual([{ SourceMember: arn('orders') }]);
    const seen: string[] = [];
    for (let elapsed = 0; elapsed < 60; elapsed += 1) {
      const { Status, Tasks } = await describeDeployment(world, created.BlueGreenDeploymentIdentifier);
      const state = `${Status} ${Tasks.map((task: { Status: string }) => task.Status[0]).join('')}`;
      if (seen.at(-1) !== state) seen.push(state);
      await world.wait(minute);
    }
    expect(seen).toEqual([
      'PROVISIONING PPP',
      'PROVISIONING IPP',
      'PROVISIONING CIP',
      'PROVISIONING CCI',
      'AVAILABLE CCC',
    ]);
  });

  it('makes green a read-only copy with blue’s tags, another name, and the new version', async () => {
    const { world, before, greenId } = await upgraded();
    expect(before.Target).toMatch(/:db:orders-green-[a-z0-9]{6}$/);
    expect(before.SwitchoverDetails).toEqual([
      { SourceMember: arn('orders'), TargetMember: before.Target, Status: 'AVAILABLE' },
    ]);
    const { DBInstances } = await world.call('DescribeDBInstances', { DBInstanceIdentifier: before.Target });
    expect(DBInstances[0]).toMatchObject({
      DbiResourceId: greenId,
      EngineVersion: '17.10',
      DBInstanceStatus: 'available',
      TagList: [{ Key: 'team', Value: 'shop' }],
      StatusInfos: [{ Status: 'replicating', Normal: true }],
    });
    expect(await world.dataPlane.isWritable(greenId)).toBe(false);
    expect(world.dataPlane.leadsTo(DBInstances[0].DBInstanceIdentifier)).toBe(greenId);
  });

  it('says AVAILABLE while green is still busy, and refuses a switchover until it is not', async () => {
    const world = startWorld({ timings: { settleMembers: 10 * minute } });
    const blue = await addPostgres(world);
    const { BlueGreenDeployment } = await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: blue.DBInstanceArn,
    });
    const id = BlueGreenDeployment.BlueGreenDeploymentIdentifier;
    while ((await describeDeployment(world, id)).Status !== 'AVAILABLE') await world.wait(minute);
    const { Target } = await describeDeployment(world, id);
    const { DBInstances } = await world.call('DescribeDBInstances', { DBInstanceIdentifier: Target });
    expect(DBInstances[0]).toMatchObject({ DBInstanceStatus: 'storage-optimization', PercentProgress: '0' });
    const attempt = world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await expect(attempt).rejects.toMatchObject({ name: 'InvalidBlueGreenDeploymentStateFault' });
    await world.wait(10 * minute);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
  });
});

describe('switching an RDS instance over', () => {
  it('answers at once with the members untouched, then exchanges names, tags and endpoints', async () => {
    const { world, blue, id, before, greenId } = await upgraded();
    await world.call('AddTagsToResource', {
      ResourceName: arn('orders'),
      Tags: [{ Key: 'viridian:execution', Value: 'run-1' }],
    });
    const { BlueGreenDeployment: answer } = await world.call('SwitchoverBlueGreenDeployment', {
      BlueGreenDeploymentIdentifier: id,
    });
    expect(answer.Status).toBe('SWITCHOVER_IN_PROGRESS');
    expect(answer.SwitchoverDetails[0].Status).toBe('AVAILABLE');
    await world.wait(5 * minute);
    expect(await describeDeployment(world, id)).toMatchObject({
      Status: 'SWITCHOVER_COMPLETED',
      Source: arn('orders-old1'),
      Target: arn('orders'),
      SwitchoverDetails: [
        { SourceMember: arn('orders-old1'), TargetMember: arn('orders'), Status: 'SWITCHOVER_COMPLETED' },
      ],
    });
    const { DBInstances } = await world.call('DescribeDBInstances', {
      Filters: [{ Name: 'dbi-resource-id', Values: [greenId] }],
    });
    expect(DBInstances).toHaveLength(1);
    expect(DBInstances[0].DBInstanceIdentifier).toBe('orders');
    expect(DBInstances[0].TagList).toEqual([
      { Key: 'team', Value: 'shop' },
      { Key: 'viridian:execution', Value: 'run-1' },
    ]);
    expect(world.dataPlane.leadsTo('orders')).toBe(greenId);
    expect(world.dataPlane.leadsTo('orders-old1')).toBe(blue.DbiResourceId);
    expect(world.dataPlane.leadsTo(before.Target.split(':').at(-1))).toBeUndefined();
    expect(world.dataPlane.writable()).toEqual([greenId]);
  });

  it('tells it in events, the completion before the API shows it', async () => {
    const { world, id } = await upgraded();
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    while (!world.eventIds().includes('0248')) await world.wait(1_000);
    expect((await describeDeployment(world, id)).Status).toBe('SWITCHOVER_IN_PROGRESS');
    expect(world.eventIds()).toEqual(['0244', '0247', '0250', '0307', '0308', '0251', '0248']);
    expect(world.events.at(-1)).toMatchObject({
      source: 'aws.rds',
      'detail-type': 'RDS Blue Green Deployment Event',
      resources: [`arn:aws:rds:eu-west-1:111122223333:deployment:${id}`],
      detail: { SourceType: 'BLUE_GREEN_DEPLOYMENT', SourceIdentifier: id, EventID: 'RDS-EVENT-0248' },
    });
  });
});
