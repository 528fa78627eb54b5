import { describe, expect, it } from 'vitest';
import { addInstance } from '../../rds/world/seeding.ts';
import { addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

describe('an RDS instance with a read replica', () => {
  it('gets a green topology and switches each pair', async () => {
    const world = startWorld();
    const blue = await addPostgres(world);
    await addInstance(world.rds, {
      DBInstanceIdentifier: 'orders-reader',
      EngineVersion: '16.14',
      ReadReplicaSourceDBInstanceIdentifier: 'orders',
    });
    const id = await createAndWait(world, blue.DBInstanceArn, { TargetDBInstanceClass: 'db.r7g.large' });
    const before = await describeDeployment(world, id);
    expect(before.Tasks.at(-1)).toEqual({ Name: 'CREATING_TOPOLOGY_OF_SOURCE', Status: 'COMPLETED' });
    const classes = before.SwitchoverDetails.map(({ TargetMember }: { TargetMember: string }) => {
      const known = world.rds.world.instances.find(({ DBInstanceArn }) => DBInstanceArn === TargetMember);
      return known?.DBInstanceClass;
    });
    expect(classes).toEqual(['db.r7g.large', 'db.r6g.large']);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const { DBInstances } = await world.call('DescribeDBInstances');
    const topology = DBInstances.map((known: Record<string, unknown>) => [
      known.DBInstanceIdentifier,
      known.ReadReplicaSourceDBInstanceIdentifier,
      known.ReadReplicaDBInstanceIdentifiers,
    ]);
    expect(topology).toEqual([
      ['orders', undefined, ['orders-reader']],
      ['orders-old1', undefined, ['orders-reader-old1']],
      ['orders-reader', 'orders', []],
      ['orders-reader-old1', 'orders-old1', []],
    ]);
    expect(world.eventIds()).toEqual([
      '0244',
      '0247',
      '0250',
      '0250',
      '0307',
      '0308',
      '0251',
      '0251',
      '0248',
    ]);
  });
});

async function mysql() {
  const world = startWorld();
  const blue = await addInstance(world.rds, {
    DBInstanceIdentifier: 'shop',
    Engine: 'mysql',
    EngineVersion: '8.0.43',
  });
  const id = await createAndWait(world, blue.DBInstanceArn, { TargetEngineVersion: '8.4.7' });
  return { world, blue, id, before: await describeDeployment(world, id) };
}

describe('the MySQL family', () => {
  it('tells the binlog coordinates under the name that green had, before the completion', async () => {
    const { world, id, before } = await mysql();
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const { Events } = await world.call('DescribeEvents', { SourceType: 'db-instance' });
    expect(Events).toHaveLength(1);
    expect(Events[0].SourceIdentifier).toBe(before.Target.split(':').at(-1));
    expect(Events[0].Message).toMatch(
      /^Binary log coordinates in green environment after switchover: file mysql-bin-changelog\.\d{6} and position \d+$/,
    );
    expect(world.eventIds().at(-1)).toBe('0248');
  });

  it('keeps green a read-only replica when only the record is deleted', async () => {
    const { world, blue, id } = await mysql();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId]);
  });
});
