import { describe, expect, it } from 'vitest';
import { stateAt } from '../../rds/timeline.ts';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addAurora, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

const arn = (kind: string, name: string) => `arn:aws:rds:eu-west-1:111122223333:${kind}:${name}`;
const nameOf = (text: string) => text.split(':').at(-1) ?? '';

async function upgraded(options: Parameters<typeof startWorld>[0] = {}) {
  const world = startWorld(options);
  const blue = await addAurora(world);
  const id = await createAndWait(world, blue.DBClusterArn, { TargetEngineVersion: '17.7' });
  return { world, blue, id, before: await describeDeployment(world, id) };
}

async function switched(options: Parameters<typeof startWorld>[0] = {}) {
  const started = await upgraded(options);
  await started.world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: started.id });
  await started.world.wait(5 * minute);
  return { ...started, greenId: started.world.rds.world.deployments[0]?.members[0].green ?? '' };
}

describe('a deployment of an Aurora cluster', () => {
  it('has a row for the cluster, each instance and each custom endpoint, each with its own green suffix', async () => {
    const { before } = await upgraded();
    expect(before.SwitchoverDetails.map((row: { SourceMember: string }) => row.SourceMember)).toEqual([
      arn('cluster', 'ledger'),
      arn('db', 'ledger-1'),
      arn('db', 'ledger-2'),
      arn('cluster-endpoint', 'ledger-reports'),
    ]);
    const suffixes = before.SwitchoverDetails.map((row: { TargetMember: string }) =>
      row.TargetMember.slice(-6),
    );
    expect(new Set(suffixes).size).toBe(4);
    expect(before.Tasks.map((task: { Name: string }) => task.Name)).toEqual([
      'CREATING_READ_REPLICA_OF_SOURCE',
      'DB_ENGINE_VERSION_UPGRADE',
      'CREATE_DB_INSTANCES_FOR_CLUSTER',
      'CREATE_CUSTOM_ENDPOINTS',
    ]);
  });

  it('gives green one writer, the new version and the default group of the new family', async () => {
    const { world, before } = await upgraded();
    const { DBClusters } = await world.call('DescribeDBClusters', { DBClusterIdentifier: before.Target });
    expect(DBClusters[0]).toMatchObject({
      EngineVersion: '17.7',
      DBClusterParameterGroup: 'default.aurora-postgresql17',
      TagList: [{ Key: 'team', Value: 'money' }],
    });
    const members = DBClusters[0].DBClusterMembers as { IsClusterWriter: boolean }[];
    expect(members.map((member) => member.IsClusterWriter)).toEqual([true, false]);
  });

  it('moves every endpoint, instance and cluster alike, and leaves old blue read-only under -old1', async () => {
    const { world, blue, id, before, greenId } = await switched();
    const after = await describeDeployment(world, id);
    expect(after.Status).toBe('SWITCHOVER_COMPLETED');
    expect(after.SwitchoverDetails.map((row: object) => Object.values(row))).toEqual([
      [arn('cluster', 'ledger-old1'), arn('cluster', 'ledger'), 'SWITCHOVER_COMPLETED'],
      [arn('db', 'ledger-1-old1'), arn('db', 'ledger-1'), 'SWITCHOVER_COMPLETED'],
      [arn('db', 'ledger-2-old1'), arn('db', 'ledger-2'), 'SWITCHOVER_COMPLETED'],
      [
        arn('cluster-endpoint', 'ledger-reports-old1'),
        arn('cluster-endpoint', 'ledger-reports'),
        'SWITCHOVER_COMPLETED',
      ],
    ]);
    for (const name of ['ledger.cluster', 'ledger.cluster-ro', 'ledger-1', 'ledger-reports.cluster-custom'])
      expect([name, world.dataPlane.leadsTo(name)]).toEqual([name, greenId]);
    expect(world.dataPlane.leadsTo('ledger-old1.cluster')).toBe(blue.DbClusterResourceId);
    expect(world.dataPlane.leadsTo(`${nameOf(before.Target)}.cluster`)).toBeUndefined();
    expect(world.dataPlane.writable()).toEqual([greenId]);
    expect(world.eventIds()).toEqual(['0244', '0247', '0259', '0311', '0312', '0260', '0248']);
  });

  it('makes old blue writable again when the record is deleted', async () => {
    const { world, blue, id, greenId } = await switched();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    expect((await describeDeployment(world, id)).Status).toBe('DELETING');
    await world.wait(2 * minute);
    await expect(describeDeployment(world, id)).rejects.toMatchObject({
      name: 'BlueGreenDeploymentNotFoundFault',
    });
    expect(world.dataPlane.writable().toSorted()).toEqual([blue.DbClusterResourceId, greenId].toSorted());
  });

  it('cannot be reached by that old blue behind security groups that admit nobody', async () => {
    const { world, id, greenId } = await switched({ closedSecurityGroups: ['sg-closed'] });
    await world.call('ModifyDBCluster', {
      DBClusterIdentifier: 'ledger-old1',
      VpcSecurityGroupIds: ['sg-closed'],
      ApplyImmediately: true,
    });
    const groups = async () =>
      (
        await world.call('DescribeDBClusters', { DBClusterIdentifier: 'ledger-old1' })
      ).DBClusters[0].VpcSecurityGroups.map((group: { VpcSecurityGroupId: string; Status: string }) => [
        group.VpcSecurityGroupId,
        group.Status,
      ]);
    expect(await groups()).toEqual([
      ['sg-0a1b2c3d4e5f60718', 'removing'],
      ['sg-closed', 'adding'],
    ]);
    await world.wait(minute);
    expect(await groups()).toEqual([['sg-closed', 'active']]);
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const end = stateAt(world.dataPlane.history, world.clock.now());
    expect(end.writable.size).toBe(2);
    expect([...end.reachable]).toEqual([greenId]);
    await world.call('RebootDBInstance', { DBInstanceIdentifier: 'ledger-1-old1' });
    await world.wait(5 * minute);
    expect([...stateAt(world.dataPlane.history, world.clock.now()).reachable]).toEqual([greenId]);
    await world.call('ModifyDBCluster', {
      DBClusterIdentifier: 'ledger-old1',
      VpcSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    });
    await world.wait(minute);
    expect(stateAt(world.dataPlane.history, world.clock.now()).reachable.size).toBe(2);
  });

  it('keeps old blue read-only after that when its own parameter group says so', async () => {
    const { world, blue, id, greenId } = await switched();
    const group = world.rds.world.parameterGroups.find(({ name }) => name === 'ledger-16');
    if (group) group.parameters.default_transaction_read_only = 'on';
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(2 * minute);
    expect(await world.dataPlane.isWritable(blue.DbClusterResourceId)).toBe(false);
    expect(world.dataPlane.writable()).toEqual([greenId]);
  });

  it('takes blue’s next free number when -old1 exists already', async () => {
    const { world, id } = await switched();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(2 * minute);
    addParameterGroup(world.rds, {
      name: 'ledger-17',
      family: 'aurora-postgresql17',
      level: 'cluster',
      parameters: { 'rds.logical_replication': '1' },
    });
    await world.call('ModifyDBCluster', {
      DBClusterIdentifier: 'ledger',
      DBClusterParameterGroupName: 'ledger-17',
    });
    for (const name of ['ledger-1', 'ledger-2'])
      await world.call('RebootDBInstance', { DBInstanceIdentifier: name });
    await world.wait(5 * minute);
    const again = await createAndWait(world, arn('cluster', 'ledger'));
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: again });
    await world.wait(5 * minute);
    expect((await describeDeployment(world, again)).Source).toBe(arn('cluster', 'ledger-old2'));
  });
});

describe('deleting members of a cluster', () => {
  it('makes another one the writer; without members nobody reaches the cluster', async () => {
    const world = startWorld();
    const blue = await addAurora(world);
    const writers = async () => {
      const { DBClusters } = await world.call('DescribeDBClusters');
      const members = DBClusters[0].DBClusterMembers as {
        DBInstanceIdentifier: string;
        IsClusterWriter: boolean;
      }[];
      return members.filter((member) => member.IsClusterWriter).map((member) => member.DBInstanceIdentifier);
    };
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'ledger-1' });
    await world.wait(10 * minute);
    expect(await writers()).toEqual(['ledger-2']);
    expect(world.dataPlane.leadsTo('ledger.cluster')).toBe(blue.DbClusterResourceId);
    await world.call('DeleteDBInstance', { DBInstanceIdentifier: 'ledger-2' });
    await world.wait(10 * minute);
    expect(await writers()).toEqual([]);
    expect(world.dataPlane.leadsTo('ledger.cluster')).toBeUndefined();
  });
});

describe('deleting an Aurora old blue', () => {
  it('goes instances first, cluster then, with a final snapshot', async () => {
    const { world, blue, id, greenId } = await switched();
    await world.call('DeleteBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(2 * minute);
    const cluster = { DBClusterIdentifier: 'ledger-old1', FinalDBSnapshotIdentifier: 'ledger-final' };
    await expect(world.call('DeleteDBCluster', cluster)).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
    });
    for (const name of ['ledger-1-old1', 'ledger-2-old1'])
      await world.call('DeleteDBInstance', { DBInstanceIdentifier: name });
    await world.call('DeleteDBCluster', cluster);
    await world.wait(15 * minute);
    const { DBClusters } = await world.call('DescribeDBClusters');
    expect(DBClusters.map((known: { DBClusterIdentifier: string }) => known.DBClusterIdentifier)).toEqual([
      'ledger',
    ]);
    const { DBClusterSnapshots } = await world.call('DescribeDBClusterSnapshots', {
      DBClusterSnapshotIdentifier: 'ledger-final',
    });
    expect(DBClusterSnapshots[0]).toMatchObject({
      Status: 'available',
      DbClusterResourceId: blue.DbClusterResourceId,
    });
    expect(world.dataPlane.snapshotOf('ledger-final')).toBe(blue.DbClusterResourceId);
    expect(world.dataPlane.writable()).toEqual([greenId]);
    const deletions = world.rds.journal.accepted('DeleteDBCluster');
    expect(deletions.map(({ touched }) => touched)).toEqual([
      [{ resourceId: blue.DbClusterResourceId, arn: arn('cluster', 'ledger-old1'), production: false }],
    ]);
  });
});
