import {
  CreateDBInstanceCommand,
  type DBCluster,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { beforeEach, describe, expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import type { Deployment } from '../../functions/domain/model/deployment.ts';
import { executionTag } from '../../functions/domain/model/tags.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { withoutWayBack } from '../../functions/domain/way-back/state.ts';
import { cloneName, cloneWriterName } from '../../functions/domain/way-back/target.ts';
import { handler as admitTheApplication } from '../../functions/handlers/roll-back/admit-the-application.ts';
import { handler as makeTheRollbackTarget } from '../../functions/handlers/way-back/make-the-rollback-target.ts';
import { handler as removeTheRollbackTarget } from '../../functions/handlers/way-back/remove-the-rollback-target.ts';
import { fakeMarks } from './fake-marks.ts';
import { executionArn, fakeRds, instance, otherRun } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { afterCut } from './runs.ts';

quietly();

const fence = 'sg-0123456789abcdef0';
const request = requestSchema.parse({
  database: 'ledger',
  target: { engineVersion: '17.7' },
  approval: { required: false },
  oldBlue: { fenceSecurityGroup: fence },
  wayBack: { login: {}, applicationRoles: ['app'] },
});

const clusterArn = (name: string) => `arn:aws:rds:eu-west-1:111122223333:cluster:${name}`;

function cluster(name: string, resourceId: string, fields: Partial<DBCluster> = {}): DBCluster {
  return {
    DBClusterIdentifier: name,
    DBClusterArn: clusterArn(name),
    DbClusterResourceId: resourceId,
    Status: 'available',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.11',
    Endpoint: `${name}.cluster.example.com`,
    Port: 5432,
    DBClusterParameterGroup: 'ledger-16',
    DBSubnetGroup: 'inner',
    DBClusterMembers: [{ DBInstanceIdentifier: `${name}-1`, IsClusterWriter: true }],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-app', Status: 'active' }],
    TagList: [],
    ...fields,
  };
}

const writerOf = ({ DBClusterIdentifier: name = '' }: DBCluster) =>
  instance(`${name}-1`, `db-${name}`, { DBClusterIdentifier: name, Engine: 'aurora-postgresql' });

const oldBlue = cluster('ledger-old1', 'cluster-BLUE');
const production = cluster('ledger', 'cluster-GREEN', { EngineVersion: '17.7' });
const sideOf = (one: DBCluster) => asSide({ cluster: one, instances: [writerOf(one)] });
const deployment = {
  ...afterCut.deployment,
  database: {
    ...afterCut.deployment.database,
    kind: 'cluster',
    id: 'ledger',
    arn: clusterArn('ledger'),
    engine: 'aurora-postgresql',
  },
  blue: sideOf(oldBlue),
  green: sideOf(production),
} satisfies Deployment as Deployment;

const name = cloneName(executionArn, deployment);
const ofTheRun = [{ Key: executionTag, Value: executionArn }];
const clone = cluster(name, 'cluster-CLONE', {
  TagList: ofTheRun,
  VpcSecurityGroups: [{ VpcSecurityGroupId: fence, Status: 'active' }],
});

let rds: ReturnType<typeof fakeRds>;
let clusters: DBCluster[];

/** What RDS describes from now on. */
function there(...all: DBCluster[]): void {
  clusters = all;
  rds.state.instances = all.filter(({ DBClusterMembers = [] }) => DBClusterMembers.length > 0).map(writerOf);
}

beforeEach(() => {
  rds = fakeRds();
  fakeMarks('ledger');
  rds.stub.on(DescribeDBClustersCommand).callsFake(({ DBClusterIdentifier: id, Filters: [filter] = [] }) => {
    const found = clusters.filter((one) =>
      id
        ? [one.DBClusterIdentifier, one.DBClusterArn].includes(id)
        : filter?.Values?.includes(one.DbClusterResourceId ?? ''),
    );
    if (id && found.length === 0)
      throw Object.assign(new Error('no'), {
        name: 'DBClusterNotFoundFault',
        $metadata: { httpStatusCode: 404 },
      });
    return { DBClusters: found };
  });
  there(oldBlue, production);
});

const event = { executionArn, request, deployment };

describe('Make the rollback target', () => {
  test('clones old blue copy-on-write, behind the fence, protected and tagged with the run', async () => {
    expect(await makeTheRollbackTarget(event)).toEqual({ step: 'clone' });
    const [call] = rds.stub.commandCalls(RestoreDBClusterToPointInTimeCommand);
    expect(call?.args[0].input).toMatchObject({
      SourceDBClusterIdentifier: 'ledger-old1',
      DBClusterIdentifier: name,
      RestoreType: 'copy-on-write',
      DBClusterParameterGroupName: 'ledger-16',
      VpcSecurityGroupIds: [fence],
      DeletionProtection: true,
      Tags: expect.arrayContaining(ofTheRun),
    });
    expect(rds.writes()).toEqual(['RestoreDBClusterToPointInTime']);
  });

  test('then gives it one instance of the class of the writer of old blue', async () => {
    there(oldBlue, production, { ...clone, DBClusterMembers: [] });
    expect(await makeTheRollbackTarget(event)).toEqual({ step: 'add-writer' });
    const [call] = rds.stub.commandCalls(CreateDBInstanceCommand);
    expect(call?.args[0].input).toMatchObject({
      DBInstanceIdentifier: cloneWriterName(name),
      DBClusterIdentifier: name,
      DBInstanceClass: 'db.r7g.large',
      Tags: expect.arrayContaining(ofTheRun),
    });
    expect(rds.writes()).toEqual(['CreateDBInstance']);
  });

  test.each<[string, DBCluster, string]>([
    ['is being made', { ...clone, Status: 'creating', DBClusterMembers: [] }, 'busy'],
    ['is there', clone, 'made'],
  ])('does nothing while the clone %s', async (_, found, step) => {
    there(oldBlue, production, found);
    expect(await makeTheRollbackTarget(event)).toEqual({ step });
    expect(rds.writes()).toEqual([]);
  });

  test.each<[string, DBCluster[], string]>([
    [
      'a cluster of that name is of another run',
      [oldBlue, production, { ...clone, TagList: [{ Key: executionTag, Value: otherRun }] }],
      'BlueGreen.ProvisioningFailed',
    ],
    [
      'the clone came to nothing',
      [oldBlue, production, { ...clone, Status: 'failed' }],
      'BlueGreen.ProvisioningFailed',
    ],
    ['old blue is gone', [production], 'BlueGreen.UnexpectedState'],
    ['old blue is busy', [{ ...oldBlue, Status: 'modifying' }, production], 'BlueGreen.Busy'],
    [
      'old blue has the name of production',
      [{ ...oldBlue, DBClusterIdentifier: 'ledger' }],
      'BlueGreen.UnexpectedState',
    ],
  ])('makes nothing when %s', async (_, found, error) => {
    there(...found);
    await expect(makeTheRollbackTarget(event)).rejects.toMatchObject({ name: error });
    expect(rds.writes()).toEqual([]);
  });
});

const back = `${executionArn.replace('blue-green-deployment', 'roll-back')}`;
const withClone = { ...deployment, clone: sideOf(clone) };

describe('Admit the application', () => {
  const going = { ...event, executionArn: back, deployment: withClone, run: executionArn };

  test('gives the clone the groups of new production, once', async () => {
    there(oldBlue, production, clone);
    await expect(admitTheApplication(going)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    const [call] = rds.stub.commandCalls(ModifyDBClusterCommand);
    expect(call?.args[0].input).toMatchObject({ DBClusterIdentifier: name, VpcSecurityGroupIds: ['sg-app'] });
    there(oldBlue, production, { ...clone, VpcSecurityGroups: production.VpcSecurityGroups ?? [] });
    expect(await admitTheApplication(going)).toEqual({ groups: ['sg-app'] });
    expect(rds.writes()).toEqual(['ModifyDBCluster']);
  });

  test('changes nothing of an instance, and nothing while a side is not listed', async () => {
    expect(await admitTheApplication({ ...going, deployment: afterCut.deployment })).toEqual({ groups: [] });
    there(oldBlue, clone);
    await expect(admitTheApplication(going)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.writes()).toEqual([]);
  });
});

describe('Remove the rollback target', () => {
  const remove = { ...event, deployment: withClone, wayBack: withoutWayBack('over') };

  test('does nothing where there is none', async () => {
    expect(await removeTheRollbackTarget(remove)).toEqual({ deleting: [] });
    expect(rds.writes()).toEqual([]);
  });

  test.each<[string, DBCluster[], object]>([
    ['the way back is open', [oldBlue, production, clone], { wayBack: { ...remove.wayBack, open: true } }],
    [
      'production leads to it',
      [oldBlue, { ...clone, DBClusterIdentifier: 'ledger' }, cluster('ledger-new1', 'cluster-GREEN')],
      {},
    ],
    [
      'it is of another run',
      [oldBlue, production, { ...clone, TagList: [{ Key: executionTag, Value: otherRun }] }],
      {},
    ],
    ['somebody has protected it', [oldBlue, production, { ...clone, DeletionProtection: true }], {}],
    ['somebody has renamed it', [oldBlue, production, { ...clone, DBClusterIdentifier: 'mine' }], {}],
    ['somebody replicates from it', [oldBlue, production, { ...clone, ReadReplicaIdentifiers: ['x'] }], {}],
  ])('deletes nothing when %s', async (_, found, more) => {
    there(...found);
    await expect(removeTheRollbackTarget({ ...remove, ...more })).rejects.toMatchObject({
      name: 'BlueGreen.CleanupIncomplete',
    });
    expect(rds.writes()).toEqual([]);
  });

  test('marks it before anything of it is deleted', async () => {
    there(oldBlue, production, { ...clone, DeletionProtection: true });
    rds.state.tags = { [clone.DBClusterArn ?? '']: { [executionTag]: executionArn } };
    // The run made it so.
    const made = {
      ...withClone,
      clone: { ...withClone.clone, deletionProtection: true } as typeof withClone.clone,
    };
    await removeTheRollbackTarget({ ...remove, deployment: made }).catch(() => undefined);
    expect(rds.writes()[0]).toBe('AddTagsToResource');
    expect(rds.writes()).not.toContain('DeleteDBCluster');
  });
});
