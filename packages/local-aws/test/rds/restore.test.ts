import { describe, expect, it } from 'vitest';
import { addAurora, addPostgres, minute, startWorld } from './world.ts';

const ask = {
  SourceDBInstanceIdentifier: 'orders',
  TargetDBInstanceIdentifier: 'Orders-Copy',
  UseLatestRestorableTime: true,
};

async function startBlue(fields: object = {}) {
  const world = startWorld();
  const blue = await addPostgres(world, fields);
  const restore = (more: object = {}) => world.call('RestoreDBInstanceToPointInTime', { ...ask, ...more });
  return { world, blue, restore };
}

describe('an instance that is restored to the latest time', () => {
  it('is created, backed up and available, with the data of its source and an id of its own', async () => {
    const { world, blue, restore } = await startBlue();
    const { DBInstance: answer } = await restore();
    expect(answer).toMatchObject({ DBInstanceIdentifier: 'orders-copy', DBInstanceStatus: 'creating' });
    expect(answer.DbiResourceId).not.toBe(blue.DbiResourceId);
    expect(world.dataPlane.leadsTo('orders-copy')).toBeUndefined();
    const states = new Set<string>();
    for (let waited = 0; waited < 40; waited += 1) {
      await world.wait(minute);
      const { DBInstances } = await world.call('DescribeDBInstances', {
        DBInstanceIdentifier: 'orders-copy',
      });
      states.add(DBInstances[0].DBInstanceStatus);
    }
    expect([...states]).toEqual(['creating', 'backing-up', 'available']);
    expect(world.dataPlane.leadsTo('orders-copy')).toBe(answer.DbiResourceId);
    expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId, answer.DbiResourceId]);
    expect(world.eventIds()).toContain('0019');
  });

  it('takes class, storage, version and key from its source, and nothing else that the call does not name', async () => {
    const { blue, restore } = await startBlue({
      MultiAZ: true,
      DeletionProtection: true,
      MonitoringInterval: 60,
      ReadReplicaDBInstanceIdentifiers: ['orders-reports'],
      AssociatedRoles: [{ RoleArn: 'arn:aws:iam::123456789012:role/imports', Status: 'ACTIVE' }],
    });
    const { DBInstance: restored } = await restore();
    for (const field of [
      'DBInstanceClass',
      'AllocatedStorage',
      'EngineVersion',
      'KmsKeyId',
      'StorageEncrypted',
    ])
      expect(restored[field], field).toEqual(blue[field as keyof typeof blue]);
    expect(restored).toMatchObject({
      MultiAZ: false,
      DeletionProtection: false,
      MonitoringInterval: 0,
      IAMDatabaseAuthenticationEnabled: false,
      ReadReplicaDBInstanceIdentifiers: [],
      AssociatedRoles: [],
      TagList: [],
      DBParameterGroups: [{ DBParameterGroupName: 'default.postgres16' }],
    });
    expect(restored.VpcSecurityGroups).not.toEqual(blue.VpcSecurityGroups);
  });

  it('has the groups, tags and settings that the call names', async () => {
    const { restore } = await startBlue();
    const named = {
      MultiAZ: true,
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
    };
    const { DBInstance } = await restore({
      ...named,
      EnableIAMDatabaseAuthentication: true,
      DBParameterGroupName: 'orders-16',
      VpcSecurityGroupIds: ['sg-0123456789abcdef0'],
      Tags: [{ Key: 'copy', Value: 'yes' }],
    });
    expect(DBInstance).toMatchObject({
      ...named,
      IAMDatabaseAuthenticationEnabled: true,
      DBParameterGroups: [{ DBParameterGroupName: 'orders-16' }],
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0123456789abcdef0', Status: 'active' }],
      TagList: [{ Key: 'copy', Value: 'yes' }],
    });
  });
});

describe('a restore is refused', () => {
  const cases: [string, object, object, string][] = [
    ['of an unknown instance', {}, { SourceDBInstanceIdentifier: 'none' }, 'DBInstanceNotFoundFault'],
    ['under a taken name', {}, { TargetDBInstanceIdentifier: 'ORDERS' }, 'DBInstanceAlreadyExistsFault'],
    ['without backups', { BackupRetentionPeriod: 0 }, {}, 'PointInTimeRestoreNotEnabledFault'],
    [
      'of an instance that is being made',
      { DBInstanceStatus: 'creating' },
      {},
      'InvalidDBInstanceStateFault',
    ],
    ['with an unknown group', {}, { DBParameterGroupName: 'none' }, 'DBParameterGroupNotFoundFault'],
    ['to another time', {}, { UseLatestRestorableTime: false }, 'InvalidParameterCombination'],
    [
      'under a name that RDS does not take',
      {},
      { TargetDBInstanceIdentifier: 'a--b' },
      'InvalidParameterValue',
    ],
  ];
  it.each(cases)('%s', async (_what, blue, more, name) => {
    const { world, restore } = await startBlue(blue);
    await expect(restore(more)).rejects.toMatchObject({ name });
    expect(world.rds.world.instances).toHaveLength(1);
  });

  it('of an instance of Aurora', async () => {
    const world = startWorld();
    await addAurora(world);
    const SourceDBInstanceIdentifier = 'ledger-1';
    await expect(
      world.call('RestoreDBInstanceToPointInTime', { ...ask, SourceDBInstanceIdentifier }),
    ).rejects.toMatchObject({ name: 'InvalidParameterCombination' });
  });

  it('that the quota has no room for', async () => {
    const { world, restore } = await startBlue();
    world.rds.world.quotas.DBInstances = 1;
    await expect(restore()).rejects.toMatchObject({ name: 'InstanceQuotaExceededFault' });
  });
});
