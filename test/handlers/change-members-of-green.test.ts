import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import { greenTag } from '../../functions/domain/model/tags.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { handler as changeMembers } from '../../functions/handlers/build/change-members-of-green.ts';
import { fakeMarks } from './fake-marks.ts';
import { arnOf, executionArn, fakeRds, instance, otherRun, record } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { beforeCut, blueId, event, greenId } from './runs.ts';

quietly();
const states = mockClient(SFNClient);
const [replica, counterpart] = ['orders-replica', 'orders-replica-green-abc123'];
const instances = [
  instance('orders', blueId),
  instance(replica, 'db-BLUE2', { ReadReplicaSourceDBInstanceIdentifier: 'orders' }),
  instance('orders-green-abc123', greenId),
  instance(counterpart, 'db-GREEN2', { ReadReplicaSourceDBInstanceIdentifier: 'orders-green-abc123' }),
];
const pairs = [
  { SourceMember: arnOf('orders'), TargetMember: arnOf('orders-green-abc123'), Status: 'AVAILABLE' },
  { SourceMember: arnOf(replica), TargetMember: arnOf(counterpart), Status: 'AVAILABLE' },
];
const deployment = { ...beforeCut.deployment, blue: asSide({ instances: instances.slice(0, 2) }) };
const request = requestSchema.parse({
  database: 'orders',
  target: { members: [{ member: replica, instanceClass: 'db.r7g.xlarge' }] },
});
const asked = { ...event(deployment), request };
const marked = { [arnOf(counterpart)]: { [greenTag]: executionArn } };
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  states.reset();
  rds = fakeRds({ instances, records: [record('AVAILABLE', { SwitchoverDetails: pairs })], tags: marked });
  fakeMarks('orders', states);
});

test('the counterpart alone gets the class, at once', async () => {
  expect(await changeMembers(asked)).toEqual({ asked: [counterpart] });
  expect(rds.stub.commandCalls(ModifyDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
    { DBInstanceIdentifier: counterpart, DBInstanceClass: 'db.r7g.xlarge', ApplyImmediately: true },
  ]);
});

test.each([
  ['both', { AllocatedStorage: 100 }, { DBInstanceClass: 'db.r7g.xlarge', AllocatedStorage: 200 }],
  [
    'the class alone where RDS has rounded its storage up',
    { AllocatedStorage: 210 },
    { DBInstanceClass: 'db.r7g.xlarge' },
  ],
  [
    'the storage alone where it has the class',
    { AllocatedStorage: 100, DBInstanceClass: 'db.r7g.xlarge' },
    { AllocatedStorage: 200 },
  ],
  [
    'the class alone where its storage comes',
    { PendingModifiedValues: { AllocatedStorage: 200 } },
    { DBInstanceClass: 'db.r7g.xlarge' },
  ],
])('a member with storage of its own gets %s', async (_, has, change) => {
  rds.state.instances = instances.map((one) =>
    one.DBInstanceIdentifier === counterpart ? { ...one, ...has } : one,
  );
  const members = [{ member: replica, instanceClass: 'db.r7g.xlarge', allocatedGiB: 200 }];
  await changeMembers({
    ...asked,
    request: requestSchema.parse({ database: 'orders', target: { members } }),
  });
  expect(rds.stub.commandCalls(ModifyDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
    { DBInstanceIdentifier: counterpart, ...change, ApplyImmediately: true },
  ]);
});

test.each<Record<string, string>>([{}, { [greenTag]: otherRun }])(
  'with the tags %j it is marked, and no more',
  async (tags) => {
    rds.state.tags = { [arnOf(counterpart)]: tags };
    await expect(changeMembers(asked)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.writes()).toEqual(['AddTagsToResource']);
  },
);

test.each([
  ['has the class', { DBInstanceClass: 'db.r7g.xlarge' }],
  ['is getting it', { PendingModifiedValues: { DBInstanceClass: 'db.r7g.xlarge' } }],
])('one that %s is left alone', async (_, more) => {
  rds.state.instances = instances.map((one) =>
    one.DBInstanceIdentifier === counterpart ? { ...one, ...more } : one,
  );
  expect(await changeMembers(asked)).toEqual({ asked: [counterpart] });
  expect(rds.writes()).toEqual([]);
});

test.each([
  [
    'is being switched over',
    [record('SWITCHOVER_IN_PROGRESS', { SwitchoverDetails: pairs })],
    'UnexpectedState',
  ],
  ['is gone', [], 'UnexpectedState'],
  ['has no row of the member', [record('AVAILABLE')], 'ProvisioningFailed'],
])('nothing is changed where the deployment %s', async (_, records, name) => {
  rds.state.records = records;
  await expect(changeMembers(asked)).rejects.toMatchObject({ name: `BlueGreen.${name}` });
  expect(rds.writes()).toEqual([]);
});
