import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteBlueGreenDeploymentCommand,
  DeleteDBInstanceCommand,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import { finalSnapshotName } from '../../functions/domain/close/final-snapshot.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import { executionTag, sideTag, sweepableTag } from '../../functions/domain/model/tags.ts';
import { withoutWayBack } from '../../functions/domain/way-back/state.ts';
import { handler as waitForRemoval } from '../../functions/handlers/build/wait-for-removal.ts';
import { handler as deleteOldBlue } from '../../functions/handlers/close/delete-old-blue.ts';
import { handler as releaseTheDeploymentRecord } from '../../functions/handlers/close/release-the-deployment-record.ts';
import { handler as takeFinalSnapshot } from '../../functions/handlers/close/take-final-snapshot.ts';
import { handler as waitForDeletion } from '../../functions/handlers/close/wait-for-deletion.ts';
import { handler as waitForRetention } from '../../functions/handlers/close/wait-for-retention.ts';
import { handler as waitForSnapshot } from '../../functions/handlers/close/wait-for-snapshot.ts';
import { handler as findProductionSide } from '../../functions/handlers/cut/find-production-side.ts';
import { handler as waitForSwitchover } from '../../functions/handlers/cut/wait-for-switchover.ts';
import { handler as notify } from '../../functions/handlers/outcome/notify.ts';
import { handler as recordOutcome } from '../../functions/handlers/outcome/record-outcome.ts';
import { handler as bake } from '../../functions/handlers/prove/bake.ts';
import { handler as verifyProduction } from '../../functions/handlers/prove/verify-production.ts';
import { fakeMarks } from './fake-marks.ts';
import { arnOf, awsError, executionArn, fakeRds, instance, record } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { afterCut, beforeCut, blueId, event, greenId, request } from './runs.ts';

const quiet = quietly();
const states = mockClient(SFNClient);
const cloudWatch = mockClient(CloudWatchClient);
const sns = mockClient(SNSClient);
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  states.reset();
  states.on(SendTaskSuccessCommand).resolves({});
  cloudWatch.reset();
  sessionsAre(0, 0);
  sns.reset();
  rds = fakeRds(afterCut.described());
  fakeMarks('orders', states);
  process.env.ANNOUNCEMENTS_TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:announcements';
  process.env.RUNBOOK = 'https://runbook.example';
});
afterEach(() => {
  delete process.env.ANNOUNCEMENTS_TOPIC_ARN;
  delete process.env.RUNBOOK;
});

const waiting = (state: StateName) => ({ state, kind: 'wait', group: null, token: 't' }) as const;
const answered = () =>
  states.commandCalls(SendTaskSuccessCommand).map(({ args }) => JSON.parse(args[0].input.output ?? ''));
const snapshotId = finalSnapshotName(blueId);
/** Old blue was left alone so long before now that no session is the run's own. */
const since = new Date(Date.UTC(2026, 10, 21, 11, 55)).toISOString();
const sessionsAre = (...values: number[]) =>
  cloudWatch.on(GetMetricDataCommand).callsFake(() => ({
    MetricDataResults: [
      {
        Id: 'm0',
        StatusCode: 'Complete',
        Timestamps: values.map((_, index) => new Date(Date.UTC(2026, 10, 21, 11, 58 + index))),
        Values: values,
      },
    ],
  }));
const snapshotOf = (DbiResourceId: string, Status = 'available') => ({
  DBSnapshotIdentifier: snapshotId,
  DBSnapshotArn: `arn:aws:rds:eu-west-1:111122223333:snapshot:${snapshotId}`,
  DbiResourceId,
  Status,
});

describe('Wait for switchover', () => {
  const looking = {
    ...event(beforeCut.deployment),
    ...waiting('Wait for switchover'),
    wayBack: withoutWayBack('none was asked for'),
  };

  test.each(['SWITCHOVER_COMPLETED', 'SWITCHOVER_FAILED', 'INVALID_CONFIGURATION'])(
    '%s ends the wait at once',
    async (status) => {
      rds.state.records = [record(status)];
      await waitForSwitchover(looking);
      expect(answered()).toEqual([{ status, because: '' }]);
      expect(quiet.now).toBe(Date.UTC(2026, 10, 21, 12));
    },
  );

  test('an AVAILABLE that lasts for a whole look ends the wait', async () => {
    rds.state.records = [record('AVAILABLE')];
    await waitForSwitchover(looking);
    expect(answered()).toEqual([{ status: 'AVAILABLE', because: '' }]);
    expect(rds.stub.commandCalls(DescribeBlueGreenDeploymentsCommand).length).toBeGreaterThan(2);
  });

  test.each([['SWITCHOVER_IN_PROGRESS'], ['SOMETHING_NEW']])('%s is waited for', async (status) => {
    rds.state.records = [record(status)];
    expect(await waitForSwitchover(looking)).toMatchObject({ kind: 'not-yet' });
  });

  test.each([
    [
      'the first second after RDS shows the end, while a hook holds writes',
      { stopWrites: { arn: 'hook' } },
      4,
    ],
    ['within three seconds, where nobody waits for it', {}, 6],
  ])('is told %s', async (_, hooks, second) => {
    rds.stub.on(DescribeBlueGreenDeploymentsCommand).callsFake(() => {
      const done = quiet.now >= Date.UTC(2026, 10, 21, 12, 0, 4);
      return { BlueGreenDeployments: [record(done ? 'SWITCHOVER_COMPLETED' : 'SWITCHOVER_IN_PROGRESS')] };
    });
    await waitForSwitchover({ ...looking, request: { ...looking.request, hooks } } as never);
    expect(answered()).toHaveLength(1);
    expect(quiet.now).toBe(Date.UTC(2026, 10, 21, 12, 0, second));
  });
});

describe('Find production side', () => {
  const asking = event(beforeCut.deployment);

  test('green, with both sides as they are called now', async () => {
    expect(await findProductionSide(asking)).toMatchObject({
      side: 'green',
      deployment: {
        status: 'SWITCHOVER_COMPLETED',
        blue: { id: 'orders-old1', resourceId: blueId },
        green: { id: 'orders', resourceId: greenId },
      },
    });
  });

  test('blue, when the names are as they were and nothing is in progress', async () => {
    Object.assign(rds.state, beforeCut.described());
    const serving = await findProductionSide(asking);
    expect(serving.side).toBe('blue');
    expect(serving.deployment).toBeUndefined();
  });

  test.each([
    ['in progress', { records: [record('SWITCHOVER_IN_PROGRESS')] }],
    ['completed with the old names', { ...beforeCut.described(), records: [record('SWITCHOVER_COMPLETED')] }],
    ['without a record', { records: [] }],
    ['with a stranger under the production name', { instances: [instance('orders', 'db-NEW')] }],
    ['without the production name', { instances: [instance('orders-old1', blueId)] }],
  ])('unknown when the deployment is %s', async (_, described) => {
    Object.assign(rds.state, described);
    const serving = await findProductionSide(asking);
    expect(serving).toMatchObject({ side: 'unknown', because: expect.stringMatching(/\w/) });
  });

  test('a throttle says nothing of the sides, and is asked again', async () => {
    rds.stub.on(DescribeDBInstancesCommand).rejects(awsError('Throttling'));
    await expect(findProductionSide(asking)).rejects.toMatchObject({ name: 'BlueGreen.Throttled' });
  });

  test.each(['AccessDenied', 'ServiceUnavailable'])(
    'unknown, not an error, when RDS answers %s',
    async (name) => {
      rds.stub.on(DescribeDBInstancesCommand).rejects(awsError(name));
      expect(await findProductionSide(asking)).toMatchObject({ side: 'unknown' });
    },
  );

  test('an unclear answer is asked again before it counts', async () => {
    const clearAt = quiet.now + 20_000;
    rds.stub.on(DescribeBlueGreenDeploymentsCommand).callsFake(() => ({
      BlueGreenDeployments: [record(quiet.now < clearAt ? 'SWITCHOVER_IN_PROGRESS' : 'SWITCHOVER_COMPLETED')],
    }));
    expect(await findProductionSide(asking)).toMatchObject({ side: 'green' });
  });

  test('a member that stayed behind leaves it unknown', async () => {
    const { blue, green = blue } = beforeCut.deployment;
    const reader = (id: string, resourceId: string) =>
      ({ ...(blue.members[0] as object), id, resourceId }) as (typeof blue.members)[0];
    const two = {
      ...beforeCut.deployment,
      blue: { ...blue, members: [...blue.members, reader('orders-2', 'db-BLUE2')] } as typeof blue,
      green: { ...green, members: [...green.members, reader('orders-2-green', 'db-GREEN2')] } as typeof green,
    };
    rds.state.instances.push(instance('orders-2', 'db-BLUE2'));
    expect(await findProductionSide(event(two))).toMatchObject({ side: 'unknown' });
  });
});

describe('Verify production', () => {
  const verifying = { ...event(afterCut.deployment), wayBack: withoutWayBack('none was asked for') };

  test('passes a cut that is whole', async () => {
    expect(await verifyProduction(verifying)).toMatchObject({
      blue: { id: 'orders-old1' },
      green: { id: 'orders' },
    });
  });

  const pair = { SourceMember: arnOf('orders-old1'), TargetMember: arnOf('orders') };
  test.each([
    [
      'production that leads elsewhere',
      { instances: [instance('orders', 'db-NEW'), instance('orders-old1', blueId)] },
      'TestFailed',
    ],
    [
      'a member that failed',
      {
        records: [
          record('SWITCHOVER_COMPLETED', { SwitchoverDetails: [{ ...pair, Status: 'SWITCHOVER_FAILED' }] }),
        ],
      },
      'TestFailed',
    ],
    [
      'a member that is busy',
      {
        instances: [
          instance('orders', greenId, { EngineVersion: '17.10', DBInstanceStatus: 'rebooting' }),
          instance('orders-old1', blueId),
        ],
      },
      'Busy',
    ],
    [
      'a version that is not the wanted one',
      { instances: [instance('orders', greenId), instance('orders-old1', blueId)] },
      'Busy',
    ],
    [
      'old blue that is gone',
      { instances: [instance('orders', greenId, { EngineVersion: '17.10' })] },
      'Busy',
    ],
    ['a record that is not listed', { records: [] }, 'Busy'],
  ])('does not pass %s', async (_, described, name) => {
    Object.assign(rds.state, described);
    await expect(verifyProduction(verifying)).rejects.toMatchObject({ name: `BlueGreen.${name}` });
  });
});

describe('Bake', () => {
  const until = (minutes: number) => ({
    ...event(afterCut.deployment),
    ...waiting('Bake'),
    request: { ...request, bake: { minutes: 60, alarms: ['errors'], metrics: [] } },
    baseline: { usual: {}, missing: {} },
    bakeSince: new Date(Date.UTC(2026, 10, 21, 12) + (minutes - 60) * 60_000).toISOString(),
    deadline: new Date(Date.UTC(2026, 10, 21, 12) + (minutes + 15) * 60_000).toISOString(),
    wayBack: withoutWayBack('the request names no wayBack.login'),
    bakeUntil: new Date(Date.UTC(2026, 10, 21, 12) + minutes * 60_000).toISOString(),
  });
  const alarmIs = (StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue, ActionsEnabled: true }] });

  test('is over when its time is and every alarm is OK', async () => {
    alarmIs('OK');
    expect(await bake(until(-1))).toEqual({ kind: 'ready' });
    expect(await bake(until(1))).toMatchObject({ kind: 'not-yet' });
  });

  test('ends when an alarm fires', async () => {
    alarmIs('ALARM');
    await expect(bake(until(30))).rejects.toMatchObject({ name: 'BlueGreen.TestFailed' });
  });

  test.each([
    ['has no data', () => alarmIs('INSUFFICIENT_DATA')],
    ['is gone', () => cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] })],
    ['may not be read', () => cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('AccessDenied', 403))],
    ['is throttled', () => cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('Throttling'))],
  ])('is never over while an alarm %s', async (_, arrange) => {
    arrange();
    expect(await bake(until(-5))).toMatchObject({ kind: 'not-yet' });
  });
});

describe('Release the deployment record', () => {
  const releasing = event(afterCut.deployment);

  test('marks both sides, then deletes the record and no database', async () => {
    expect(await releaseTheDeploymentRecord(releasing)).toMatchObject({ recordReleased: true });
    expect(rds.writes()).toEqual(['AddTagsToResource', 'AddTagsToResource', 'DeleteBlueGreenDeployment']);
    const deletion = rds.stub.calls().find(({ args }) => 'DeleteTarget' in args[0].input);
    expect(deletion).toBeUndefined();
    const tagged = rds.stub.commandCalls(AddTagsToResourceCommand).map(({ args }) => args[0].input);
    expect(tagged.map(({ ResourceName }) => ResourceName)).toEqual([arnOf('orders'), arnOf('orders-old1')]);
    expect(tagged[0]?.Tags).toContainEqual({ Key: executionTag, Value: executionArn });
    expect(tagged[0]?.Tags).toContainEqual({ Key: sideTag, Value: 'new-production' });
    expect(tagged[1]?.Tags).toContainEqual({ Key: sideTag, Value: 'old-blue' });
  });

  test.each([
    ['gone', []],
    ['on its way', [record('DELETING')]],
  ])('a record that is %s is done', async (_, records) => {
    rds.state.records = records;
    expect(await releaseTheDeploymentRecord(releasing)).toMatchObject({ recordReleased: true });
    expect(rds.writes()).not.toContain('DeleteBlueGreenDeployment');
  });

  test('keeps the record, and goes on, when AWS denies its deletion', async () => {
    rds.stub.on(DeleteBlueGreenDeploymentCommand).rejects(awsError('AccessDenied', 403, 'the reason'));
    expect(await releaseTheDeploymentRecord(releasing)).toMatchObject({
      recordReleased: false,
      recordKeptBecause: expect.stringContaining('the reason'),
    });
  });

  test.each([
    [
      'production leads to blue',
      { instances: [instance('orders', blueId), instance('orders-green', greenId)] },
      'not to the former green; the record is kept',
    ],
    [
      'the switchover is not over',
      {
        records: [
          record('SWITCHOVER_IN_PROGRESS', {
            SwitchoverDetails: [
              {
                SourceMember: arnOf('orders-old1'),
                TargetMember: arnOf('orders'),
                Status: 'SWITCHOVER_COMPLETED',
              },
            ],
          }),
        ],
      },
      'not every member is switched',
    ],
    ['the switchover failed', { records: [record('SWITCHOVER_FAILED')] }, 'not every member is switched'],
    [
      'a member has stayed behind',
      {
        records: [
          record('SWITCHOVER_COMPLETED', {
            SwitchoverDetails: [
              {
                SourceMember: arnOf('orders-old1'),
                TargetMember: arnOf('orders'),
                Status: 'SWITCHOVER_FAILED',
              },
            ],
          }),
        ],
      },
      'not every member is switched',
    ],
    ['old blue is gone', { instances: [instance('orders', greenId)] }, 'is gone; the record is kept'],
  ])('keeps the record when %s', async (_, described, because) => {
    Object.assign(rds.state, described);
    await expect(releaseTheDeploymentRecord(releasing)).rejects.toMatchObject({
      name: 'BlueGreen.CleanupIncomplete',
      message: expect.stringContaining(because),
    });
    expect(rds.writes()).not.toContain('DeleteBlueGreenDeployment');
  });
});

describe('The final snapshot', () => {
  const taking = { ...event(afterCut.deployment), since };
  const given = { snapshotId, arn: snapshotOf(blueId).DBSnapshotArn, others: [], quietSince: since };

  test('is taken of old blue, under a name that only it has', async () => {
    rds.stub.on(CreateDBSnapshotCommand).resolves({ DBSnapshot: snapshotOf(blueId, 'creating') });
    expect(await takeFinalSnapshot(taking)).toEqual(given);
    const [call] = rds.stub.commandCalls(CreateDBSnapshotCommand);
    expect(call?.args[0].input).toMatchObject({
      DBInstanceIdentifier: 'orders-old1',
      DBSnapshotIdentifier: 'viridian-final-db-blue',
    });
  });

  test.each(['creating', 'available'])('is not taken again when it is %s', async (status) => {
    rds.state.snapshots = [snapshotOf(blueId, status)];
    expect(await takeFinalSnapshot(taking)).toEqual(given);
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    ['is of another database', [snapshotOf(greenId)]],
    ['failed', [snapshotOf(blueId, 'failed')]],
  ])('is no snapshot when it %s', async (_, snapshots) => {
    rds.state.snapshots = snapshots;
    const waited = { ...taking, ...waiting('Wait for snapshot'), snapshot: given };
    await expect(takeFinalSnapshot(taking)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
    await expect(waitForSnapshot(waited)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
    expect(rds.writes()).toEqual([]);
  });

  test('is not taken while old blue has clients', async () => {
    sessionsAre(0, 2);
    await expect(takeFinalSnapshot(taking)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
    expect(rds.writes()).toEqual([]);
  });

  test('is waited for until it is available', async () => {
    const waited = { ...taking, ...waiting('Wait for snapshot'), snapshot: given };
    rds.state.snapshots = [snapshotOf(blueId, 'creating')];
    expect(await waitForSnapshot(waited)).toMatchObject({ kind: 'not-yet' });
    rds.state.snapshots = [snapshotOf(blueId)];
    expect(await waitForSnapshot(waited)).toEqual({ kind: 'ready' });
  });

  test('is missed when old blue is gone without one', async () => {
    rds.state.instances = rds.state.instances.slice(1);
    await expect(takeFinalSnapshot(taking)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
  });
});

describe('Delete old blue', () => {
  const deleting = {
    ...event(afterCut.deployment),
    snapshot: { snapshotId, arn: '', others: [], quietSince: since },
  };
  beforeEach(() => {
    rds.state.records = [];
    rds.state.snapshots = [snapshotOf(blueId)];
    rds.state.tags[arnOf('orders-old1')] = { [executionTag]: executionArn };
    rds.stub.on(AddTagsToResourceCommand).callsFake(({ ResourceName, Tags }) => {
      rds.state.tags[ResourceName] = { ...rds.state.tags[ResourceName], [Tags[0].Key]: Tags[0].Value };
      return {};
    });
  });

  test('marks it, then deletes it by the name that it has now', async () => {
    expect(await deleteOldBlue(deleting)).toEqual({ deleting: ['orders-old1'] });
    expect(rds.writes()).toEqual(['AddTagsToResource', 'DeleteDBInstance']);
    expect(rds.state.tags[arnOf('orders-old1')]).toMatchObject({ [sweepableTag]: executionArn });
    const [call] = rds.stub.commandCalls(DeleteDBInstanceCommand);
    expect(call?.args[0].input).toEqual({
      DBInstanceIdentifier: 'orders-old1',
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: false,
    });
  });

  test('deletes its automated backups where the request asks for it', async () => {
    const asked = { ...request, oldBlue: { ...request.oldBlue, deleteAutomatedBackups: true } };
    await deleteOldBlue({ ...deleting, request: asked });
    const [call] = rds.stub.commandCalls(DeleteDBInstanceCommand);
    expect(call?.args[0].input).toMatchObject({ DeleteAutomatedBackups: true });
  });

  test('waits when the mark is not shown', async () => {
    rds.stub.on(AddTagsToResourceCommand).resolves({});
    await expect(deleteOldBlue(deleting)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.writes()).not.toContain('DeleteDBInstance');
  });

  test.each([
    ['gone', []],
    ['being deleted', [instance('orders-old1', blueId, { DBInstanceStatus: 'deleting' })]],
  ])('does nothing when it is %s', async (_, oldBlue) => {
    rds.state.instances = [instance('orders', greenId), ...oldBlue];
    await deleteOldBlue(deleting);
    expect(rds.writes()).toEqual([]);
  });

  test('turns off the protection that it had from the beginning', async () => {
    const old = instance('orders-old1', blueId, { DeletionProtection: true });
    rds.state.instances = [instance('orders', greenId), old];
    const blue = asSide({ instances: [old] });
    await deleteOldBlue({ ...deleting, deployment: { ...deleting.deployment, blue } });
    expect(rds.writes()).toEqual(['AddTagsToResource', 'ModifyDBInstance', 'DeleteDBInstance']);
  });

  test.each([
    ['there is no snapshot', { snapshots: [] }],
    ['somebody has protected it', { instances: oldBlueIs({ DeletionProtection: true }) }],
    ['somebody has renamed it', { instances: oldBlueIs({ DBInstanceIdentifier: 'mine' }) }],
    ['it has a replica', { instances: oldBlueIs({ ReadReplicaDBInstanceIdentifiers: ['reports'] }) }],
    ['it replicates', { instances: oldBlueIs({ ReadReplicaSourceDBInstanceIdentifier: 'orders' }) }],
    ['the snapshot is not finished', { snapshots: [snapshotOf(blueId, 'creating')] }],
    ['the snapshot is of another database', { snapshots: [snapshotOf(greenId)] }],
    ['it has the production name again', { instances: [instance('orders', blueId), instance('x', greenId)] }],
    [
      'production leads to a stranger',
      { instances: [instance('orders', 'db-NEW'), instance('orders-old1', blueId)] },
    ],
    ['nothing has the production name', { instances: [instance('orders-old1', blueId)] }],
    [
      'a deployment holds it',
      {
        records: [
          record('SWITCHOVER_COMPLETED', {
            SwitchoverDetails: [
              {
                SourceMember: arnOf('orders-old1'),
                TargetMember: arnOf('orders'),
                Status: 'SWITCHOVER_COMPLETED',
              },
            ],
          }),
        ],
      },
    ],
  ])('refuses when %s', async (_, described) => {
    Object.assign(rds.state, described);
    await expect(deleteOldBlue(deleting)).rejects.toMatchObject({ name: 'BlueGreen.CleanupIncomplete' });
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    ['it has clients', [0, 2], 'CleanupIncomplete'],
    ['nobody knows whether it has clients', [], 'Busy'],
  ])('refuses when %s', async (_, sessions, name) => {
    sessionsAre(...sessions);
    await expect(deleteOldBlue(deleting)).rejects.toMatchObject({ name: `BlueGreen.${name}` });
    expect(rds.writes()).toEqual([]);
  });
});

const oldBlueIs = (fields: object) => [instance('orders', greenId), instance('orders-old1', blueId, fields)];

describe('Waiting for things to be gone', () => {
  test('a name that somebody else has taken does not count as old blue', async () => {
    rds.state.instances = [instance('orders', greenId), instance('orders-old1', 'db-OTHER')];
    expect(await waitForDeletion({ ...event(afterCut.deployment), ...waiting('Wait for deletion') })).toEqual(
      { kind: 'ready' },
    );
  });

  test('old blue counts under whatever name', async () => {
    rds.state.instances = [instance('renamed-by-hand', blueId, { DBInstanceStatus: 'deleting' })];
    expect(await waitForDeletion({ ...event(afterCut.deployment), ...waiting('Wait for deletion') })).toEqual(
      {
        kind: 'not-yet',
        because: expect.stringMatching(/^still there: renamed-by-hand \(deleting\); if it stays so, /),
      },
    );
  });

  test.each([
    ['the record', { records: [record('DELETING')], instances: [] }, 'not-yet'],
    ['green', { records: [], instances: [instance('orders-green-abc123', greenId)] }, 'not-yet'],
    ['nothing', { records: [], instances: [instance('orders', blueId)] }, 'ready'],
  ])('a removal that has left %s', async (_, described, kind) => {
    Object.assign(rds.state, described);
    expect(
      await waitForRemoval({ ...event(beforeCut.deployment), ...waiting('Wait for removal') }),
    ).toMatchObject({ kind });
  });

  test.each([
    ['2026-11-21T11:59:59Z', 'ready'],
    ['2026-11-21T12:00:01Z', 'not-yet'],
    ['no time', 'not-yet'],
  ])('retention until %s is %s', async (deadline, kind) => {
    expect(
      await waitForRetention({ ...event(afterCut.deployment), ...waiting('Wait for retention'), deadline }),
    ).toMatchObject({ kind });
  });
});

describe('The end', () => {
  const ending = {
    executionArn,
    request: { database: 'orders' },
    deployment: {},
    findings: [],
    serving: {},
    snapshot: {},
    failure: {
      state: 'Validate request' as const,
      error: 'BlueGreen.RequestInvalid',
      cause: '{"errorMessage":"target: name one change"}',
    },
    cleanupFailure: null,
    end: 'Refused: nothing was changed',
    startedAt: '2026-11-21T11:59:00Z',
  };

  test('a run that was refused at once has an end in words, without a call', async () => {
    const outcome = await recordOutcome(ending);
    expect(outcome.summary).toContain('target: name one change');
    expect(rds.stub.calls()).toHaveLength(0);
  });

  test('an end is told when nothing can be read', async () => {
    rds.stub.onAnyCommand().rejects(awsError('AccessDenied', 403, 'no rights'));
    rds.stub.on(DescribeDBInstancesCommand).rejects(awsError('AccessDenied', 403, 'no rights'));
    const outcome = await recordOutcome({
      ...ending,
      ...event(afterCut.deployment),
      end: 'Green serves production',
    });
    expect(outcome.text).toContain('no rights');
  });

  test('an end that nobody knows is not made up', async () => {
    await expect(recordOutcome({ ...ending, end: 'Blue serves, perhaps' })).rejects.toMatchObject({
      name: 'BlueGreen.UnexpectedState',
    });
  });

  const told = {
    subject: 'Refused',
    text: 'why',
    json: { executionArn },
    attributes: { kind: 'outcome', severity: 'ACT' as const, id: 'x', end: ending.end },
  };

  test('goes to the announcements, even when the request was never valid', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await notify({ executionArn, outcome: told })).toEqual({ messageId: 'm-1' });
    const { Message = '', ...rest } = sns.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    expect(rest).toEqual({
      TopicArn: 'arn:aws:sns:eu-west-1:111122223333:announcements',
      Subject: 'Refused',
      MessageStructure: 'json',
      MessageAttributes: Object.fromEntries(
        Object.entries(told.attributes).map(([name, StringValue]) => [
          name,
          { DataType: 'String', StringValue },
        ]),
      ),
    });
    const forms = JSON.parse(Message) as Record<string, string>;
    expect(forms.default).toBe('why');
    expect(JSON.parse(forms.lambda ?? '')).toEqual({ ...told.json, ...told.attributes });
  });

  test('of a length that SNS does not take lose their details, and nothing else', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    const outcome = { ...told, json: { executionArn, findings: 'x'.repeat(60_000) } };
    await notify({ executionArn, outcome });
    const { Message = '' } = sns.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
    expect(Buffer.byteLength(Message)).toBeLessThan(256 * 1_024);
    const forms = JSON.parse(Message) as Record<string, string>;
    expect(forms.default).toBe('why');
    expect(JSON.parse(forms.lambda ?? '')).toMatchObject({
      executionArn,
      shortened: true,
      ...told.attributes,
    });
  });

  test('names the variable that is missing', async () => {
    delete process.env.ANNOUNCEMENTS_TOPIC_ARN;
    await expect(notify({ executionArn, outcome: told })).rejects.toMatchObject({
      message: expect.stringContaining('ANNOUNCEMENTS_TOPIC_ARN'),
    });
  });
});
