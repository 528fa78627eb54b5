import { describe, expect, it } from 'vitest';
import { addInstance } from '../../rds/world/seeding.ts';
import {
  addPostgres,
  createAndWait,
  describeDeployment,
  minute,
  startWorld,
  type TestWorld,
} from './world.ts';

const names = async (world: TestWorld): Promise<string[]> => {
  const { DBInstances } = await world.call('DescribeDBInstances');
  return DBInstances.map((known: { DBInstanceIdentifier: string }) => known.DBInstanceIdentifier);
};

async function built(blueFields: object = {}) {
  const world = startWorld();
  const blue = await addPostgres(world, blueFields);
  const id = await createAndWait(world, blue.DBInstanceArn);
  const { Target } = await describeDeployment(world, id);
  const green = Target.split(':').at(-1) as string;
  return { world, blue, id, green, greenId: world.rds.world.deployments[0]?.members[0].green ?? '' };
}

async function switched() {
  const started = await built();
  await started.world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: started.id });
  await started.world.wait(5 * minute);
  return started;
}

describe('deleting a deployment before its switchover', () => {
  it('with green: both disappear, and green is never writable', async () => {
    const { world, blue, id, greenId } = await built();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id, DeleteTarget: true });
    await world.wait(10 * minute);
    expect(await names(world)).toEqual(['orders']);
    expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId]);
    const openings = world.dataPlane.history.filter(
      (change) => change.kind === 'writable' && change.writable,
    );
    expect(openings.map((change) => change.kind === 'writable' && change.resourceId)).not.toContain(greenId);
    expect(world.eventIds()).toEqual(expect.arrayContaining(['0246', '0003']));
  });

  it('with green: the record is gone while green is still being deleted', async () => {
    const { world, id, green } = await built();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id, DeleteTarget: true });
    await world.wait(2 * minute);
    await expect(describeDeployment(world, id)).rejects.toMatchObject({
      name: 'BlueGreenDeploymentNotFoundFault',
    });
    const { DBInstances } = await world.call('DescribeDBInstances', { DBInstanceIdentifier: green });
    expect(DBInstances[0].DBInstanceStatus).toBe('deleting');
  });

  it('with green that is protected: refused until the protection is off', async () => {
    const { world, id, green } = await built({ DeletionProtection: true });
    const request = { BlueGreenDeploymentIdentifier: id, DeleteTarget: true };
    await expect(world.call('DeleteBlueGreenDeployment', request)).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
    });
    await world.call('ModifyDBInstance', { DBInstanceIdentifier: green, DeletionProtection: false });
    await world.call('DeleteBlueGreenDeployment', request);
  });

  it('without green: a PostgreSQL green is promoted', async () => {
    const { world, blue, id, green, greenId } = await built();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(2 * minute);
    expect((await names(world)).toSorted()).toEqual(['orders', green].toSorted());
    expect(world.dataPlane.writable().toSorted()).toEqual([blue.DbiResourceId, greenId].toSorted());
  });
});

describe('deleting a deployment after its switchover', () => {
  it('refuses DeleteTarget, true or false', async () => {
    const { world, id } = await switched();
    for (const DeleteTarget of [true, false])
      await expect(
        world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id, DeleteTarget }),
      ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
  });

  it('leaves both databases, and an RDS old blue read-only', async () => {
    const { world, id, greenId } = await switched();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(2 * minute);
    expect((await names(world)).toSorted()).toEqual(['orders', 'orders-old1']);
    expect(world.dataPlane.writable()).toEqual([greenId]);
  });
});

describe('SwitchoverBlueGreenDeployment refuses', () => {
  it.each([29, 3601])('a timeout of %i s', async (SwitchoverTimeout) => {
    const { world, id } = await built();
    await expect(
      world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id, SwitchoverTimeout }),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('a second call, while the first runs and after it', async () => {
    const { world, id } = await built();
    const again = () => world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await again();
    await expect(again()).rejects.toMatchObject({ name: 'InvalidBlueGreenDeploymentStateFault' });
    await world.wait(5 * minute);
    await expect(again()).rejects.toMatchObject({ name: 'InvalidBlueGreenDeploymentStateFault' });
    expect(world.rds.journal.accepted('SwitchoverBlueGreenDeployment')).toHaveLength(1);
  });

  it('an unknown deployment', async () => {
    const { world } = await built();
    await expect(
      world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: 'bgd-none' }),
    ).rejects.toMatchObject({ name: 'BlueGreenDeploymentNotFoundFault' });
  });
});

describe('DeleteDBInstance', () => {
  const cases: [string, string, object, object][] = [
    ['an unknown instance', 'DBInstanceNotFoundFault', { DBInstanceIdentifier: 'none' }, {}],
    ['neither snapshot nor skip', 'InvalidParameterCombination', {}, {}],
    [
      'both',
      'InvalidParameterCombination',
      { SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: 'final' },
      {},
    ],
    [
      'a protected one',
      'InvalidParameterCombination',
      { SkipFinalSnapshot: true },
      { DeletionProtection: true },
    ],
    [
      'a busy one',
      'InvalidDBInstanceStateFault',
      { SkipFinalSnapshot: true },
      { DBInstanceStatus: 'modifying' },
    ],
    ['a taken snapshot name', 'DBSnapshotAlreadyExistsFault', { FinalDBSnapshotIdentifier: 'taken' }, {}],
  ];
  it.each(cases)('refuses %s: %s', async (_, name, request, fields) => {
    const world = startWorld();
    const blue = await addPostgres(world);
    await world.call('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'taken' });
    await world.wait(10 * minute);
    Object.assign(blue, fields);
    await expect(
      world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders', ...request }),
    ).rejects.toMatchObject({ name });
    expect(await names(world)).toEqual(['orders']);
  });

  it('takes the final snapshot first, and records that it was production', async () => {
    const world = startWorld({}, { snapshotMs: 30 * minute });
    const blue = await addPostgres(world);
    const { DbiResourceId: resourceId } = blue;
    await world.call('DeleteDBInstance', {
      DBInstanceIdentifier: 'orders',
      FinalDBSnapshotIdentifier: 'final',
    });
    await expect(
      world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true }),
    ).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    await world.wait(20 * minute);
    expect(await names(world)).toEqual(['orders']);
    await world.wait(20 * minute);
    expect(await names(world)).toEqual([]);
    expect(world.dataPlane.snapshotOf('final')).toBe(resourceId);
    const [deletion] = world.rds.journal.accepted('DeleteDBInstance');
    expect(deletion?.touched).toEqual([{ resourceId, arn: blue.DBInstanceArn, production: true }]);
  });

  it('of a primary leaves the database to its replicas', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    await addInstance(world.rds, {
      DBInstanceIdentifier: 'orders-reader',
      EngineVersion: '16.14',
      ReadReplicaSourceDBInstanceIdentifier: 'orders',
    });
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true });
    await world.wait(10 * minute);
    expect(world.dataPlane.leadsTo('orders')).toBeUndefined();
    expect(world.dataPlane.leadsTo('orders-reader')).toBe(blue.DbiResourceId);
    expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId]);
    const { DBInstances } = await world.call('DescribeDBInstances', {
      DBInstanceIdentifier: 'orders-reader',
    });
    expect(DBInstances[0].ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'orders-reader', SkipFinalSnapshot: true });
    await world.wait(10 * minute);
    expect(world.dataPlane.writable()).toEqual([]);
  });

  it('of green makes the deployment invalid', async () => {
    const { world, id, green } = await built();
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: green, SkipFinalSnapshot: true });
    await world.wait(10 * minute);
    const shown = await describeDeployment(world, id);
    expect(shown.Status).toBe('INVALID_CONFIGURATION');
    expect(shown.SwitchoverDetails[0].Status).toBe('MISSING_TARGET');
  });
});
