import { describe, expect, it } from 'vitest';
import { addAurora, addPostgres, minute, startWorld } from './world.ts';

describe('snapshots of an instance', () => {
  it('are being created while the instance backs up, then available, with its tags', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    const { DBSnapshot } = await world.call('CreateDBSnapshot', {
      DBInstanceIdentifier: 'orders',
      DBSnapshotIdentifier: 'Before-Cut',
      Tags: [{ Key: 'run', Value: '1' }],
    });
    expect(DBSnapshot).toMatchObject({
      DBSnapshotIdentifier: 'before-cut',
      Status: 'creating',
      PercentProgress: 0,
    });
    expect(blue.DBInstanceStatus).toBe('backing-up');
    await world.wait(10 * minute);
    const { DBSnapshots } = await world.call('DescribeDBSnapshots', {
      DBInstanceIdentifier: 'orders',
      SnapshotType: 'manual',
    });
    expect(DBSnapshots).toMatchObject([
      {
        Status: 'available',
        PercentProgress: 100,
        DbiResourceId: blue.DbiResourceId,
        TagList: [
          { Key: 'team', Value: 'shop' },
          { Key: 'run', Value: '1' },
        ],
      },
    ]);
    expect(blue.DBInstanceStatus).toBe('available');
    expect(world.events.at(-1)).toMatchObject({
      'detail-type': 'RDS DB Snapshot Event',
      detail: { EventID: 'RDS-EVENT-0042', SourceIdentifier: 'before-cut' },
    });
  });

  it('wait for the data plane when it is slower', async () => {
    const world = startWorld({}, { snapshotMs: 60 * minute });
    await addPostgres(world);
    await world.call('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'slow' });
    await world.wait(30 * minute);
    const { DBSnapshots } = await world.call('DescribeDBSnapshots', { DBSnapshotIdentifier: 'slow' });
    expect(DBSnapshots[0].Status).toBe('creating');
  });
});

describe('snapshots of a cluster', () => {
  it('are found by the cluster’s name and by their own', async () => {
    const world = startWorld();
    const blue = await addAurora(world);
    await world.call('CreateDBClusterSnapshot', {
      DBClusterIdentifier: 'ledger',
      DBClusterSnapshotIdentifier: 'before-cut',
    });
    await world.wait(10 * minute);
    for (const input of [{ DBClusterIdentifier: 'ledger' }, { DBClusterSnapshotIdentifier: 'before-cut' }])
      expect((await world.call('DescribeDBClusterSnapshots', input)).DBClusterSnapshots).toMatchObject([
        { Status: 'available', DbClusterResourceId: blue.DbClusterResourceId },
      ]);
  });
});

describe('a snapshot is refused', () => {
  const cases: [string, string, object, string][] = [
    [
      'of an unknown instance',
      'CreateDBSnapshot',
      { DBInstanceIdentifier: 'none' },
      'DBInstanceNotFoundFault',
    ],
    [
      'under a taken name',
      'CreateDBSnapshot',
      { DBSnapshotIdentifier: 'taken' },
      'DBSnapshotAlreadyExistsFault',
    ],
    [
      'under an impossible name',
      'CreateDBSnapshot',
      { DBSnapshotIdentifier: 'a--b' },
      'InvalidParameterValue',
    ],
    [
      'of a cluster’s member',
      'CreateDBSnapshot',
      { DBInstanceIdentifier: 'ledger-1' },
      'InvalidParameterValue',
    ],
    [
      'of an unknown cluster',
      'CreateDBClusterSnapshot',
      { DBClusterIdentifier: 'none' },
      'DBClusterNotFoundFault',
    ],
    [
      'that is unknown, when described',
      'DescribeDBSnapshots',
      { DBSnapshotIdentifier: 'none' },
      'DBSnapshotNotFoundFault',
    ],
    [
      'that is unknown, when described for a cluster',
      'DescribeDBClusterSnapshots',
      { DBClusterSnapshotIdentifier: 'none' },
      'DBClusterSnapshotNotFoundFault',
    ],
  ];
  it.each(cases)('%s', async (_, operation, input, name) => {
    const world = startWorld();
    await addPostgres(world);
    await addAurora(world);
    await world.call('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'taken' });
    await world.wait(10 * minute);
    const filled = operation.startsWith('Create')
      ? {
          DBInstanceIdentifier: 'orders',
          DBSnapshotIdentifier: 'x',
          DBClusterSnapshotIdentifier: 'x',
          ...input,
        }
      : input;
    await expect(world.call(operation, filled)).rejects.toMatchObject({ name });
  });

  it('while the instance is backing up, and beyond the quota', async () => {
    const world = startWorld();
    await addPostgres(world);
    world.rds.world.quotas.ManualSnapshots = 1;
    const take = (name: string) =>
      world.call('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: name });
    await take('first');
    await expect(take('second')).rejects.toMatchObject({ name: 'InvalidDBInstanceStateFault' });
    await world.wait(10 * minute);
    await expect(take('second')).rejects.toMatchObject({ name: 'SnapshotQuotaExceededFault' });
  });
});
