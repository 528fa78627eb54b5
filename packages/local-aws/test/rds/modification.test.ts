import { describe, expect, it } from 'vitest';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addAurora, addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

async function one(fields: object = {}) {
  const world = startWorld();
  const blue = await addPostgres(world, fields);
  const show = async (DBInstanceIdentifier = 'orders') =>
    (await world.call('DescribeDBInstances', { DBInstanceIdentifier })).DBInstances[0];
  const modify = (input: object) =>
    world.call('ModifyDBInstance', { DBInstanceIdentifier: 'orders', ...input });
  return { world, blue, show, modify };
}

describe('ModifyDBInstance', () => {
  it('keeps a change for the maintenance window unless told to apply it', async () => {
    const { world, show, modify } = await one();
    await modify({ DBInstanceClass: 'db.r7g.large' });
    await world.wait(60 * minute);
    expect(await show()).toMatchObject({
      DBInstanceClass: 'db.r6g.large',
      PendingModifiedValues: { DBInstanceClass: 'db.r7g.large' },
    });
  });

  it('still says available right after an immediate change, then is busy, then done', async () => {
    const { world, show, modify } = await one();
    await modify({ DBInstanceClass: 'db.r7g.large', ApplyImmediately: true });
    expect((await show()).DBInstanceStatus).toBe('available');
    await world.wait(10_000);
    expect((await show()).DBInstanceStatus).toBe('modifying');
    await expect(modify({ MultiAZ: true })).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    await world.wait(5 * minute);
    expect(await show()).toMatchObject({
      DBInstanceClass: 'db.r7g.large',
      DBInstanceStatus: 'available',
      PendingModifiedValues: {},
    });
  });

  it('attaches a parameter group that is in force after a reboot', async () => {
    const { world, show, modify } = await one();
    addParameterGroup(world.rds, { name: 'other', family: 'postgres16' });
    await modify({ DBParameterGroupName: 'other' });
    expect((await show()).DBParameterGroups).toEqual([
      { DBParameterGroupName: 'other', ParameterApplyStatus: 'pending-reboot' },
    ]);
    await world.call('RebootDBInstance', { DBInstanceIdentifier: 'orders' });
    expect(world.dataPlane.leadsTo('orders')).toBeUndefined();
    await world.wait(5 * minute);
    expect((await show()).DBParameterGroups[0].ParameterApplyStatus).toBe('in-sync');
    expect(world.dataPlane.leadsTo('orders')).toBe((await show()).DbiResourceId);
  });

  it('renames: the old address is gone at once, the new one comes late, the resource id stays', async () => {
    const { world, blue, show, modify } = await one();
    await modify({ NewDBInstanceIdentifier: 'Orders-Next', ApplyImmediately: true });
    await world.wait(10_000);
    expect((await show()).DBInstanceStatus).toBe('renaming');
    expect([world.dataPlane.leadsTo('orders'), world.dataPlane.leadsTo('orders-next')]).toEqual([
      undefined,
      undefined,
    ]);
    await world.wait(5 * minute);
    await expect(show()).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
    expect(await show('orders-next')).toMatchObject({
      DbiResourceId: blue.DbiResourceId,
      DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders-next',
      DBInstanceStatus: 'available',
    });
    expect(world.dataPlane.leadsTo('orders-next')).toBe(blue.DbiResourceId);
  });

  const refusals: [string, object][] = [
    ['DBParameterGroupNotFoundFault', { DBParameterGroupName: 'none' }],
    ['InvalidParameterCombination', { DBParameterGroupName: 'default.postgres17' }],
    ['InvalidParameterCombination', { EngineVersion: '17.10' }],
    ['InvalidParameterCombination', { EngineVersion: '15.18' }],
    ['DBInstanceAlreadyExistsFault', { NewDBInstanceIdentifier: 'orders' }],
    ['InvalidParameterValue', { NewDBInstanceIdentifier: '1st' }],
    ['InvalidParameterValue', { DBInstanceClass: 'large' }],
    ['NotImplemented', { MasterUserPassword: 'x' }],
    ['DBInstanceNotFoundFault', { DBInstanceIdentifier: 'none' }],
  ];
  it.each(refusals)('refuses with %s: %o', async (name, input) => {
    const { modify, show } = await one();
    const before = await show();
    await expect(modify(input)).rejects.toMatchObject({ name });
    expect(await show()).toEqual(before);
  });

  it('of blue beyond green’s version makes the deployment invalid', async () => {
    const { world, blue, modify } = await one({ EngineVersion: '16.10' });
    const id = await createAndWait(world, blue.DBInstanceArn);
    await modify({ EngineVersion: '16.14', ApplyImmediately: true });
    await world.wait(5 * minute);
    expect((await describeDeployment(world, id)).Status).toBe('INVALID_CONFIGURATION');
  });

  it('of blue to a version that green’s is a target of leaves the deployment as it is', async () => {
    const { world, blue, modify } = await one({ EngineVersion: '16.10' });
    const id = await createAndWait(world, blue.DBInstanceArn, { TargetEngineVersion: '17.10' });
    await modify({ EngineVersion: '16.14', ApplyImmediately: true });
    await world.wait(5 * minute);
    expect((await describeDeployment(world, id)).Status).toBe('AVAILABLE');
  });

  it('is refused while the deployment switches over', async () => {
    const { world, blue, modify } = await one();
    const id = await createAndWait(world, blue.DBInstanceArn);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await expect(modify({ DeletionProtection: true })).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
    });
  });
});

describe('an old blue of RDS', () => {
  it('is written to again after a parameter group that allows it and a reboot', async () => {
    const { world, blue } = await one();
    const id = await createAndWait(world, blue.DBInstanceArn);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    addParameterGroup(world.rds, {
      name: 'writable',
      family: 'postgres16',
      parameters: { default_transaction_read_only: '0' },
    });
    const old = { DBInstanceIdentifier: 'orders-old1' };
    await world.call('ModifyDBInstance', { ...old, DBParameterGroupName: 'writable' });
    expect(await world.dataPlane.isWritable(blue.DbiResourceId)).toBe(false);
    await world.call('RebootDBInstance', old);
    await world.wait(5 * minute);
    expect(await world.dataPlane.isWritable(blue.DbiResourceId)).toBe(true);
  });
});

describe('ModifyDBCluster', () => {
  it('renames without touching the instances: writer and reader endpoints move', async () => {
    const world = startWorld();
    const blue = await addAurora(world);
    await world.call('ModifyDBCluster', {
      DBClusterIdentifier: 'ledger',
      NewDBClusterIdentifier: 'ledger-next',
      ApplyImmediately: true,
    });
    await world.wait(5 * minute);
    const { DBClusters } = await world.call('DescribeDBClusters', { DBClusterIdentifier: 'ledger-next' });
    expect(DBClusters[0].DbClusterResourceId).toBe(blue.DbClusterResourceId);
    expect(DBClusters[0].Endpoint).toMatch(/^ledger-next\./);
    expect(world.dataPlane.leadsTo('ledger.cluster')).toBeUndefined();
    expect(world.dataPlane.leadsTo('ledger-next.cluster-ro')).toBe(blue.DbClusterResourceId);
    const { DBInstances } = await world.call('DescribeDBInstances', {
      Filters: [{ Name: 'db-cluster-id', Values: [DBClusters[0].DBClusterArn] }],
    });
    expect(DBInstances).toHaveLength(2);
    expect(world.dataPlane.leadsTo('ledger-1')).toBe(blue.DbClusterResourceId);
  });

  it('attaches a parameter group that each member takes on with its reboot', async () => {
    const world = startWorld();
    await addAurora(world);
    addParameterGroup(world.rds, { name: 'other', family: 'aurora-postgresql16', level: 'cluster' });
    await world.call('ModifyDBCluster', {
      DBClusterIdentifier: 'ledger',
      DBClusterParameterGroupName: 'other',
    });
    await world.call('RebootDBInstance', { DBInstanceIdentifier: 'ledger-1' });
    await world.wait(5 * minute);
    const { DBClusters } = await world.call('DescribeDBClusters');
    const statuses = DBClusters[0].DBClusterMembers.map(
      (member: { DBClusterParameterGroupStatus: string }) => member.DBClusterParameterGroupStatus,
    );
    expect(statuses).toEqual(['in-sync', 'pending-reboot']);
  });

  const refusals: [string, object][] = [
    ['DBClusterNotFoundFault', { DBClusterIdentifier: 'none' }],
    ['DBClusterParameterGroupNotFoundFault', { DBClusterParameterGroupName: 'none' }],
    ['InvalidParameterCombination', { EngineVersion: '17.7' }],
    ['DBClusterAlreadyExistsFault', { NewDBClusterIdentifier: 'ledger' }],
    ['NotImplemented', { MasterUserPassword: 'x' }],
  ];
  it.each(refusals)('refuses with %s: %o', async (name, input) => {
    const world = startWorld();
    await addAurora(world);
    await expect(
      world.call('ModifyDBCluster', { DBClusterIdentifier: 'ledger', ...input }),
    ).rejects.toMatchObject({ name });
  });
});
