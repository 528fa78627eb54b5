import { describe, expect, it } from 'vitest';
import { addInstance } from '../../rds/world/seeding.ts';
import { addAurora, addPostgres, createAndWait, minute, startWorld } from './world.ts';

const ids = (rows: object[], field: string) => rows.map((row) => (row as Record<string, unknown>)[field]);

describe('pages', () => {
  it('give everything once, although something disappears in between', async () => {
    const world = startWorld();
    for (let n = 10; n < 60; n += 1)
      await addInstance(world.rds, { DBInstanceIdentifier: `db-${n}`, EngineVersion: '16.14' });
    const seen: unknown[] = [];
    let Marker: string | undefined;
    do {
      const answer = await world.call('DescribeDBInstances', { Marker, MaxRecords: 20 });
      seen.push(...ids(answer.DBInstances, 'DBInstanceIdentifier'));
      Marker = answer.Marker;
      if (seen.length === 20) world.rds.world.instances.splice(0, 1);
    } while (Marker);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => `db-${n + 10}`));
  });

  it.each([19, 101])('refuses %i records', async (MaxRecords) => {
    const world = startWorld();
    await expect(world.call('DescribeDBInstances', { MaxRecords })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('finding databases', () => {
  it('by name, ARN and filter', async () => {
    const world = startWorld();
    const orders = await addPostgres(world);
    const ledger = await addAurora(world);
    const instances = async (input: object) =>
      ids((await world.call('DescribeDBInstances', input)).DBInstances, 'DBInstanceIdentifier');
    expect(await instances({ DBInstanceIdentifier: 'ORDERS' })).toEqual(['orders']);
    expect(await instances({ DBInstanceIdentifier: orders.DBInstanceArn })).toEqual(['orders']);
    const by = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
    expect(await instances(by('dbi-resource-id', orders.DbiResourceId))).toEqual(['orders']);
    expect(await instances(by('dbi-resource-id', 'db-NONE'))).toEqual([]);
    expect(await instances(by('db-cluster-id', 'ledger'))).toEqual(['ledger-1', 'ledger-2']);
    expect(await instances(by('engine', 'postgres', 'mysql'))).toEqual(['orders']);
    const clusters = await world.call(
      'DescribeDBClusters',
      by('db-cluster-resource-id', ledger.DbClusterResourceId),
    );
    expect(ids(clusters.DBClusters, 'DBClusterIdentifier')).toEqual(['ledger']);
    await expect(instances(by('colour', 'blue'))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(instances({ DBInstanceIdentifier: 'none' })).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
    });
  });

  it('deployments by name, source and target; a filter without a match is no error', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    const id = await createAndWait(world, blue.DBInstanceArn);
    const find = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const answer = await world.call('DescribeBlueGreenDeployments', { Filters });
      return ids(answer.BlueGreenDeployments, 'BlueGreenDeploymentIdentifier');
    };
    expect(await find('blue-green-deployment-name', 'viridian-test')).toEqual([id]);
    expect(await find('source', blue.DBInstanceArn)).toEqual([id]);
    expect(await find('target', blue.DBInstanceArn)).toEqual([]);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    expect(await find('source', blue.DBInstanceArn)).toEqual([id]);
    expect(await find('source', 'arn:aws:rds:eu-west-1:111122223333:db:orders')).toEqual([]);
    expect(await find('target', 'arn:aws:rds:eu-west-1:111122223333:db:orders')).toEqual([id]);
  });
});

describe('engine versions and parameters', () => {
  it('lists deprecated versions only when asked for all', async () => {
    const world = startWorld();
    const ask = async (input: object) =>
      (await world.call('DescribeDBEngineVersions', { Engine: 'postgres', EngineVersion: '12.22', ...input }))
        .DBEngineVersions;
    expect(await ask({})).toEqual([]);
    const [known] = await ask({ IncludeAll: true });
    expect(ids(known.ValidUpgradeTarget, 'EngineVersion')).toEqual(['15.18', '16.14']);
  });

  it('tells minor from major', async () => {
    const world = startWorld();
    const { DBEngineVersions } = await world.call('DescribeDBEngineVersions', {
      Engine: 'postgres',
      EngineVersion: '16.10',
    });
    expect(ids(DBEngineVersions[0].ValidUpgradeTarget, 'IsMajorVersionUpgrade')).toEqual([false, true, true]);
  });

  it('shows what the user set, and the defaults of the rest', async () => {
    const world = startWorld();
    await addPostgres(world);
    const { Parameters } = await world.call('DescribeDBParameters', {
      DBParameterGroupName: 'orders-16',
      Source: 'user',
    });
    expect(Parameters).toMatchObject([{ ParameterName: 'rds.logical_replication', ParameterValue: '1' }]);
    const all = await world.call('DescribeDBParameters', {
      DBParameterGroupName: 'default.postgres16',
      Filters: [{ Name: 'parameter-name', Values: ['rds.logical_replication', 'max_worker_processes'] }],
    });
    expect(ids(all.Parameters, 'ParameterValue')).toEqual(['{GREATEST({DBInstanceVCPU*2},8)}', '0']);
    await expect(world.call('DescribeDBParameters', { DBParameterGroupName: 'none' })).rejects.toMatchObject({
      name: 'DBParameterGroupNotFoundFault',
    });
  });
});

describe('events', () => {
  it('are those of the last hour unless asked otherwise, and end after 14 days', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    await createAndWait(world, blue.DBInstanceArn);
    const count = async (input: object = {}) => (await world.call('DescribeEvents', input)).Events.length;
    expect(await count()).toBe(1);
    await world.wait(61 * minute);
    expect(await count()).toBe(0);
    expect(await count({ Duration: 20_160 })).toBe(1);
    await world.wait(14 * 24 * 60 * minute);
    expect(await count({ StartTime: new Date(0) })).toBe(0);
    await expect(count({ SourceIdentifier: 'orders' })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
    });
  });
});

describe('the account', () => {
  it('counts what is used', async () => {
    const world = startWorld();
    await addAurora(world);
    const { AccountQuotas } = await world.call('DescribeAccountAttributes');
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'DBInstances', Max: 40, Used: 2 });
    expect(AccountQuotas).toContainEqual({ AccountQuotaName: 'DBClusterParameterGroups', Max: 50, Used: 1 });
  });
});

describe('tags', () => {
  it('are added, replaced and removed', async () => {
    const world = startWorld();
    const { DBInstanceArn: ResourceName } = await addPostgres(world);
    await world.call('AddTagsToResource', {
      ResourceName,
      Tags: [
        { Key: 'team', Value: 'new' },
        { Key: 'run', Value: '1' },
      ],
    });
    await world.call('RemoveTagsFromResource', { ResourceName, TagKeys: ['run'] });
    const { TagList } = await world.call('ListTagsForResource', { ResourceName });
    expect(TagList).toEqual([{ Key: 'team', Value: 'new' }]);
  });

  it.each([
    ['db:none', 'DBInstanceNotFoundFault'],
    ['cluster:none', 'DBClusterNotFoundFault'],
    ['deployment:bgd-none', 'BlueGreenDeploymentNotFoundFault'],
    ['snapshot:none', 'DBSnapshotNotFoundFault'],
  ])('of %s: %s', async (resource, name) => {
    const world = startWorld();
    const ResourceName = `arn:aws:rds:eu-west-1:111122223333:${resource}`;
    await expect(world.call('ListTagsForResource', { ResourceName })).rejects.toMatchObject({ name });
  });
});
