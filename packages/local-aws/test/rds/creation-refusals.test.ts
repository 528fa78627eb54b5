import { describe, expect, it } from 'vitest';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addAurora, addPostgres, startWorld, type TestWorld } from './world.ts';

type Case = [because: string, error: string, prepare: (world: TestWorld) => Promise<object>];

const arn = (kind: string, name: string) => `arn:aws:rds:eu-west-1:111122223333:${kind}:${name}`;

/** Blue with these fields, and a request with those. */
const instance =
  (fields: object, request: object = {}) =>
  async (world: TestWorld) => {
    const blue = await addPostgres(world, fields);
    return { Source: blue.DBInstanceArn, ...request };
  };
const cluster =
  (fields: object, request: object = {}) =>
  async (world: TestWorld) => {
    const blue = await addAurora(world, fields);
    return { Source: blue.DBClusterArn, ...request };
  };

const cases: Case[] = [
  ['unknown instance', 'DBInstanceNotFoundFault', async () => ({ Source: arn('db', 'none') })],
  ['unknown cluster', 'DBClusterNotFoundFault', async () => ({ Source: arn('cluster', 'none') })],
  ['a name instead of an ARN', 'InvalidParameterValue', instance({}, { Source: 'orders' })],
  ['two hyphens in the name', 'InvalidParameterValue', instance({}, { BlueGreenDeploymentName: 'a--b' })],
  [
    'a name of 61 characters',
    'InvalidParameterValue',
    instance({}, { BlueGreenDeploymentName: 'a'.repeat(61) }),
  ],
  ['a reserved tag', 'InvalidParameterValue', instance({}, { Tags: [{ Key: 'aws:x', Value: 'y' }] })],
  ['a busy source', 'InvalidDBInstanceStateFault', instance({ DBInstanceStatus: 'modifying' })],
  ['no backups', 'SourceDatabaseNotSupportedFault', instance({ BackupRetentionPeriod: 0 })],
  [
    'a managed password',
    'SourceDatabaseNotSupportedFault',
    instance({ MasterUserSecret: { SecretArn: 'arn' } }),
  ],
  [
    'another engine',
    'SourceDatabaseNotSupportedFault',
    async (world) => {
      addParameterGroup(world.rds, { name: 'oracle', family: 'oracle19' });
      const blue = await addPostgres(world, { Engine: 'oracle-ee', parameterGroup: 'oracle' });
      return { Source: blue.DBInstanceArn };
    },
  ],
  ['a downgrade', 'InvalidParameterCombination', instance({}, { TargetEngineVersion: '15.18' })],
  ['an unknown group', 'DBParameterGroupNotFoundFault', instance({}, { TargetDBParameterGroupName: 'none' })],
  [
    'a group of the wrong family',
    'InvalidParameterCombination',
    instance({}, { TargetEngineVersion: '17.10', TargetDBParameterGroupName: 'orders-16' }),
  ],
  [
    'a major upgrade without logical replication',
    'SourceDatabaseNotSupportedFault',
    instance({ parameterGroup: 'default.postgres16' }, { TargetEngineVersion: '17.10' }),
  ],
  [
    'a parameter group that waits for a reboot',
    'SourceDatabaseNotSupportedFault',
    instance(
      { DBParameterGroups: [{ DBParameterGroupName: 'orders-16', ParameterApplyStatus: 'pending-reboot' }] },
      { TargetEngineVersion: '17.10' },
    ),
  ],
  [
    'a class for Aurora',
    'InvalidParameterCombination',
    cluster({}, { TargetDBInstanceClass: 'db.r7g.large' }),
  ],
  ['an impossible class', 'InvalidParameterValue', instance({}, { TargetDBInstanceClass: 'large' })],
  [
    'throughput without gp3',
    'InvalidParameterCombination',
    instance({ StorageType: 'io1' }, { TargetStorageThroughput: 500 }),
  ],
  ['Serverless v1', 'SourceClusterNotSupportedFault', cluster({ EngineMode: 'serverless' })],
  [
    'a member of a cluster',
    'SourceDatabaseNotSupportedFault',
    cluster({}, { Source: arn('db', 'ledger-1') }),
  ],
  ['a busy cluster', 'InvalidDBClusterStateFault', cluster({ Status: 'upgrading' })],
  [
    'a replica in another Region',
    'SourceDatabaseNotSupportedFault',
    instance({ ReadReplicaDBInstanceIdentifiers: ['arn:aws:rds:us-east-1:111122223333:db:far'] }),
  ],
  [
    'no room for instances',
    'InstanceQuotaExceededFault',
    async (world) => {
      world.rds.world.quotas.DBInstances = 1;
      return instance({})(world);
    },
  ],
  [
    'no room for storage',
    'StorageQuotaExceededFault',
    async (world) => {
      world.rds.world.quotas.AllocatedStorage = 150;
      return instance({})(world);
    },
  ],
  [
    'no room for clusters',
    'DBClusterQuotaExceededFault',
    async (world) => {
      world.rds.world.quotas.DBClusters = 1;
      return cluster({})(world);
    },
  ],
  [
    'a name that is taken',
    'BlueGreenDeploymentAlreadyExistsFault',
    async (world) => {
      const request = await instance({})(world);
      await world.call('CreateBlueGreenDeployment', { BlueGreenDeploymentName: 'viridian-test', ...request });
      return request;
    },
  ],
  [
    'a second deployment of the same source',
    'InvalidDBInstanceStateFault',
    async (world) => {
      const request = await instance({})(world);
      await world.call('CreateBlueGreenDeployment', { BlueGreenDeploymentName: 'first', ...request });
      return request;
    },
  ],
];

describe('CreateBlueGreenDeployment refuses', () => {
  it.each(cases)('%s: %s', async (_, name, prepare) => {
    const world = startWorld();
    const request = await prepare(world);
    const before = world.rds.world.deployments.length;
    const attempt = world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      ...request,
    });
    await expect(attempt).rejects.toMatchObject({ name });
    expect(world.rds.world.deployments).toHaveLength(before);
    expect(world.rds.journal.mutations.at(-1)).toMatchObject({ refused: name, touched: [] });
  });

  it('nothing about a minor upgrade, for which physical replication does', async () => {
    const world = startWorld();
    const blue = await addPostgres(world, { EngineVersion: '16.10', parameterGroup: 'default.postgres16' });
    await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: blue.DBInstanceArn,
      TargetEngineVersion: '16.14',
    });
  });
});
