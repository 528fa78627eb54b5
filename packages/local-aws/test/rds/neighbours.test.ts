import { describe, expect, it } from 'vitest';
import { addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

const arn = 'arn:aws:rds:eu-west-1:111122223333:db:orders';

async function surrounded() {
  const world = startWorld();
  const blue = await addPostgres(world);
  const id = await createAndWait(world, blue.DBInstanceArn);
  const switchOver = async () => {
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const { Status } = await describeDeployment(world, id);
    return [Status, world.events.at(-1)?.detail.Message];
  };
  return { world, blue, id, switchOver };
}

describe('what stands beside the source', () => {
  it('a zero-ETL integration refuses the switchover until it is gone', async () => {
    const { world, switchOver } = await surrounded();
    world.rds.world.integrations.push({
      IntegrationArn: 'arn:i',
      IntegrationName: 'warehouse',
      SourceArn: arn,
    });
    const { Integrations } = await world.call('DescribeIntegrations', {
      Filters: [{ Name: 'source-arn', Values: [arn] }],
    });
    expect(Integrations).toMatchObject([{ IntegrationName: 'warehouse' }]);
    expect(await switchOver()).toEqual(['AVAILABLE', expect.stringContaining('warehouse')]);
    world.rds.world.integrations.length = 0;
    expect((await switchOver())[0]).toBe('SWITCHOVER_COMPLETED');
  });

  it.each([
    ['UNAVAILABLE', 'AVAILABLE'],
    ['AVAILABLE', 'SWITCHOVER_COMPLETED'],
  ] as const)('a proxy whose target is %s ends in %s', async (State, status) => {
    const { world, switchOver } = await surrounded();
    const targets = [{ TargetArn: arn, RdsResourceId: 'orders', TargetHealth: { State } }];
    world.rds.world.proxies.push({ DBProxyName: 'front', targets });
    const { Targets } = await world.call('DescribeDBProxyTargets', { DBProxyName: 'front' });
    expect(Targets).toEqual(targets);
    const { DBProxies } = await world.call('DescribeDBProxies');
    expect(DBProxies).toEqual([{ DBProxyName: 'front' }]);
    expect((await switchOver())[0]).toBe(status);
  });

  it('maintenance is found by resource', async () => {
    const { world } = await surrounded();
    const due = { ResourceIdentifier: arn, PendingMaintenanceActionDetails: [{ Action: 'os-upgrade' }] };
    world.rds.world.maintenance.push(due);
    for (const input of [
      { ResourceIdentifier: arn },
      { Filters: [{ Name: 'db-instance-id', Values: ['orders'] }] },
    ])
      expect(
        (await world.call('DescribePendingMaintenanceActions', input)).PendingMaintenanceActions,
      ).toEqual([due]);
    const none = await world.call('DescribePendingMaintenanceActions', { ResourceIdentifier: `${arn}-2` });
    expect(none.PendingMaintenanceActions).toEqual([]);
  });

  it('a global cluster is found by a member', async () => {
    const { world } = await surrounded();
    const member = 'arn:aws:rds:eu-west-1:111122223333:cluster:ledger';
    world.rds.world.globalClusters.push({
      GlobalClusterIdentifier: 'world',
      GlobalClusterMembers: [{ DBClusterArn: member }],
    });
    const find = async (value: string) =>
      (await world.call('DescribeGlobalClusters', { Filters: [{ Name: 'db-cluster-id', Values: [value] }] }))
        .GlobalClusters.length;
    expect([await find(member), await find(`${member}-2`)]).toEqual([1, 0]);
  });

  it.each([
    ['DescribeDBProxyTargets', { DBProxyName: 'none' }, 'DBProxyNotFoundFault'],
    ['DescribeIntegrations', { IntegrationIdentifier: 'none' }, 'IntegrationNotFoundFault'],
    ['DescribeGlobalClusters', { GlobalClusterIdentifier: 'none' }, 'GlobalClusterNotFoundFault'],
  ])('%s refuses an unknown name', async (operation, input, name) => {
    const { world } = await surrounded();
    await expect(world.call(operation, input)).rejects.toMatchObject({ name });
  });

  it('only known versions and classes can be ordered', async () => {
    const { world } = await surrounded();
    const ask = async (DBInstanceClass: string, EngineVersion = '17.10') => {
      const input = { Engine: 'postgres', EngineVersion, DBInstanceClass };
      return (await world.call('DescribeOrderableDBInstanceOptions', input)).OrderableDBInstanceOptions
        .length;
    };
    expect([await ask('db.r6g.large'), await ask('db.x9.huge'), await ask('db.r6g.large', '99.1')]).toEqual([
      1, 0, 0,
    ]);
  });
});

describe('health of the replication', () => {
  it.each([
    ['degraded', 'replication degraded'],
    ['stopped', 'stopped'],
  ] as const)('%s shows on green and refuses the switchover', async (state, shown) => {
    const { world, id, switchOver } = await surrounded();
    world.dataPlane.behaviour.replication = {
      state,
      lagSeconds: null,
      lagBytes: null,
      message: 'DDL on blue',
    };
    const { Target } = await describeDeployment(world, id);
    const { DBInstances } = await world.call('DescribeDBInstances', { DBInstanceIdentifier: Target });
    expect(DBInstances[0].StatusInfos).toEqual([
      { StatusType: 'read replication', Normal: false, Status: shown, Message: 'DDL on blue' },
    ]);
    expect((await switchOver())[0]).toBe('AVAILABLE');
  });
});

describe('when blue is deleted meanwhile', () => {
  it('the deployment is invalid, and green is left alone', async () => {
    const { world, id } = await surrounded();
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true });
    await world.wait(10 * minute);
    const shown = await describeDeployment(world, id);
    expect(shown).toMatchObject({ Status: 'INVALID_CONFIGURATION', Source: arn });
    expect(shown.SwitchoverDetails[0].Status).toBe('MISSING_SOURCE');
    expect(world.dataPlane.writable()).toEqual([]);
  });
});

describe('after old blue was deleted', () => {
  it('the deployment still names it as old blue, not as production', async () => {
    const { world, id, switchOver } = await surrounded();
    await switchOver();
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders-old1', SkipFinalSnapshot: true });
    await world.wait(10 * minute);
    const shown = await describeDeployment(world, id);
    expect([shown.Source, shown.Target]).toEqual([`${arn}-old1`, arn]);
  });
});

describe('stop', () => {
  it('leaves everything as it is', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    const { BlueGreenDeployment } = await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: blue.DBInstanceArn,
    });
    await world.wait(minute);
    world.rds.stop();
    const before = structuredClone(world.rds.world);
    await world.wait(60 * minute);
    expect(world.rds.world).toEqual(before);
    expect((await describeDeployment(world, BlueGreenDeployment.BlueGreenDeploymentIdentifier)).Status).toBe(
      'PROVISIONING',
    );
  });
});
