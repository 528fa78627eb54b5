import { FailoverDBClusterCommand, RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import { SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import { greenTag } from '../../functions/domain/model/tags.ts';
import { handler as failOverGreen } from '../../functions/handlers/build/fail-over-green.ts';
import { fakeMarks } from './fake-marks.ts';
import { arnOf, executionArn, fakeRds, instance, otherRun, record } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { beforeCut, blueId, event, greenId } from './runs.ts';

quietly();
const states = mockClient(SFNClient);
const greenArn = arnOf('orders-green-abc123');
const fields = { EngineVersion: '17.10', MultiAZ: true, AvailabilityZone: 'eu-west-1a' };
const green = instance('orders-green-abc123', greenId, fields);
const deployment = { ...beforeCut.deployment, green: asSide({ instances: [green] }) };
const asked = { ...event(deployment), tests: {}, waitingSince: '2026-11-22T02:00:00.000Z' };
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  states.reset();
  rds = fakeRds({
    instances: [instance('orders', blueId, { MultiAZ: true }), green],
    records: [record('AVAILABLE')],
    tags: { [greenArn]: { [greenTag]: executionArn } },
  });
  fakeMarks('orders', states);
});

test('green alone is rebooted with failover', async () => {
  expect(await failOverGreen(asked)).toMatchObject({ untested: null, leg: 'there', from: 'eu-west-1a' });
  expect(rds.stub.commandCalls(RebootDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
    { DBInstanceIdentifier: 'orders-green-abc123', ForceFailover: true },
  ]);
  expect(rds.writes()).toEqual(['RebootDBInstance']);
});

test.each<Record<string, string>>([{}, { [greenTag]: otherRun }])(
  'with the tags %j it is marked, and no more',
  async (tags) => {
    rds.state.tags = { [greenArn]: tags };
    await expect(failOverGreen(asked)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.writes()).toEqual(['AddTagsToResource']);
  },
);

test.each([
  ['is being switched over', [record('SWITCHOVER_IN_PROGRESS')], 'BlueGreen.UnexpectedState'],
  ['was switched over', [record('SWITCHOVER_COMPLETED')], 'BlueGreen.UnexpectedState'],
  ['is gone', [], 'BlueGreen.UnexpectedState'],
  ['is not ready again', [record('PROVISIONING')], 'BlueGreen.Busy'],
])('nothing is failed over where the deployment %s', async (_, records, name) => {
  rds.state.records = records;
  await expect(failOverGreen(asked)).rejects.toMatchObject({ name });
  expect(rds.writes()).toEqual([]);
});

test.each([
  ['runs in another zone', { AvailabilityZone: 'eu-west-1b' }],
  ['is at it', { DBInstanceStatus: 'rebooting' }],
])('a green that %s is not failed over once more', async (_, more) => {
  rds.state.instances = [{ ...green, ...more }];
  expect(await failOverGreen(asked)).toMatchObject({
    untested: null,
    startedAt: Date.parse(asked.waitingSince),
  });
  expect(rds.writes()).toEqual([]);
});

test('a green that has lost its standby is not failed over', async () => {
  rds.state.instances = [{ ...green, MultiAZ: false }];
  await expect(failOverGreen(asked)).rejects.toMatchObject({
    name: 'BlueGreen.TestFailed',
    message: 'green has no standby (Multi-AZ)',
  });
  expect(rds.writes()).toEqual([]);
});

test('a name that has changed hands is neither marked nor failed over', async () => {
  rds.state.tags = {};
  rds.state.records = [record('AVAILABLE', { Target: arnOf('other'), SwitchoverDetails: [] })];
  await expect(failOverGreen(asked)).rejects.toMatchObject({
    message: expect.stringContaining("is not green of the run's deployment"),
  });
  expect(rds.writes()).toEqual([]);
  expect(rds.stub.commandCalls(FailoverDBClusterCommand)).toEqual([]);
});
