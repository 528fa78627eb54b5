import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  AddTagsToResourceCommand,
  CreateBlueGreenDeploymentCommand,
  DescribeAccountAttributesCommand,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { asSide } from '../../functions/aws/rds/side.ts';
import { planHash } from '../../functions/domain/build/plan-hash.ts';
import { executionTag, removableTag } from '../../functions/domain/model/tags.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { withoutWayBack } from '../../functions/domain/way-back/state.ts';
import { handler as checkPreconditions } from '../../functions/handlers/accept/check-preconditions.ts';
import { handler as validateRequest } from '../../functions/handlers/accept/validate-request.ts';
import { handler as checkParity } from '../../functions/handlers/build/check-parity.ts';
import { handler as createGreen } from '../../functions/handlers/build/create-green.ts';
import { handler as removeGreen } from '../../functions/handlers/build/remove-green.ts';
import { handler as waitForGreen } from '../../functions/handlers/build/wait-for-green.ts';
import { handler as startSwitchover } from '../../functions/handlers/cut/start-switchover.ts';
import { handler as finalCheck } from '../../functions/handlers/hold/final-check.ts';
import { handler as findTheNextWindow } from '../../functions/handlers/hold/find-the-next-window.ts';
import { fakeMarks } from './fake-marks.ts';
import { arnOf, awsError, executionArn, fakeRds, instance, otherRun, record } from './fake-rds.ts';
import { quietly } from './quiet.ts';
import { beforeCut, blueId, event, greenId, request } from './runs.ts';

const quiet = quietly();
const states = mockClient(SFNClient);
const cloudWatch = mockClient(CloudWatchClient);
const topics = mockClient(SNSClient);
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  states.reset();
  states.on(DescribeExecutionCommand).callsFake(({ executionArn: arn }) => {
    if (arn === executionArn || arn === otherRun) return { status: 'RUNNING' };
    throw awsError('ExecutionDoesNotExist');
  });
  cloudWatch.reset();
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [], CompositeAlarms: [] });
  rds = fakeRds(beforeCut.described());
});

const { deployment } = beforeCut;
const ofOtherRun = { TagList: [{ Key: executionTag, Value: otherRun }] };
const ofNobody = { TagList: [] };

describe('Validate request', () => {
  test('fills in the defaults', async () => {
    const input = { database: 'orders', target: { engineVersion: '17.10' } };
    expect(await validateRequest({ executionArn, input })).toMatchObject({
      database: 'orders',
      approval: { required: true },
      bake: { minutes: 60 },
    });
  });

  test('says everything that is wrong at once, by field', async () => {
    const input = { database: 'no such/name', lag: { maxSeconds: -1 }, colour: 'blue' };
    await expect(validateRequest({ executionArn, input })).rejects.toMatchObject({
      name: 'BlueGreen.RequestInvalid',
      message: expect.stringMatching(/database: .*lag\.maxSeconds: .*colour/s),
    });
  });

  test.each([[undefined], [null], ['orders'], [[]]])('%j is no request', async (input) => {
    await expect(validateRequest({ executionArn, input })).rejects.toMatchObject({
      name: 'BlueGreen.RequestInvalid',
    });
  });
});

describe('Check preconditions', () => {
  beforeEach(() => {
    process.env.LOAD_STATEMENTS = 'none';
    process.env.READ_RAMP_RECORDS = 'none';
    process.env.REHEARSAL_STATE_MACHINE_ARN =
      'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-rehearsal';
    process.env.WAY_BACK_RECORDS = 'none';
    process.env.SQL_POSTGRES_FUNCTION = 'viridian-sqlPostgres';
    for (const topic of ['ANNOUNCEMENTS', 'APPROVALS'])
      process.env[`${topic}_TOPIC_ARN`] = `arn:aws:sns:eu-west-1:111122223333:${topic}`;
    states.on(ListExecutionsCommand).resolves({ executions: [] });
    topics.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [] });
    process.env.DATABASES = 'all';
  });

  test('a database that does not exist is said so', async () => {
    rds.state.instances = [];
    rds.stub.on(DescribeDBInstancesCommand).rejects(awsError('DBInstanceNotFoundFault', 404));
    await expect(checkPreconditions({ executionArn, request, hooks: [] })).rejects.toMatchObject({
      name: 'BlueGreen.PreconditionFailed',
      message: expect.stringContaining('source-exists'),
    });
  });

  test('a database that may not be read is not taken for a missing one', async () => {
    rds.stub.on(DescribeDBInstancesCommand).rejects(awsError('AccessDenied', 403, 'rds:DescribeDBInstances'));
    await expect(checkPreconditions({ executionArn, request, hooks: [] })).rejects.toMatchObject({
      message: expect.stringContaining('could not be read (AccessDenied: rds:DescribeDBInstances)'),
    });
  });

  test('inputs that could not be read refuse, and nothing is changed', async () => {
    rds.stub.on(DescribeAccountAttributesCommand).rejects(awsError('AccessDenied', 403, 'not for you'));
    await expect(checkPreconditions({ executionArn, request, hooks: [] })).rejects.toMatchObject({
      name: 'BlueGreen.PreconditionFailed',
      message: expect.stringContaining('AccessDenied: not for you'),
    });
    expect(rds.writes()).toEqual([]);
  });

  test('a throttled API is asked again later', async () => {
    rds.stub.on(DescribeDBInstancesCommand).rejects(awsError('Throttling'));
    await expect(checkPreconditions({ executionArn, request, hooks: [] })).rejects.toMatchObject({
      name: 'BlueGreen.Throttled',
    });
  });
});

describe('Create green', () => {
  const fresh = { ...event({ ...deployment, id: undefined, green: undefined }) };

  test('asks for what the request names, with the tags of this run', async () => {
    rds.state.records = [];
    const created = { BlueGreenDeploymentIdentifier: 'bgd-9', Status: 'PROVISIONING' };
    rds.stub.on(CreateBlueGreenDeploymentCommand).resolves({ BlueGreenDeployment: created });

    expect(await createGreen(fresh)).toMatchObject({
      id: 'bgd-9',
      status: 'PROVISIONING',
      name: deployment.name,
    });

    const [call] = rds.stub.commandCalls(CreateBlueGreenDeploymentCommand);
    expect(call?.args[0].input).toMatchObject({
      BlueGreenDeploymentName: 'viridian-db-orders',
      Source: arnOf('orders'),
      TargetEngineVersion: '17.10',
      Tags: [
        { Key: executionTag, Value: executionArn },
        { Key: 'viridian:database', Value: 'orders' },
      ],
    });
  });

  test('takes up its own deployment', async () => {
    expect(await createGreen(fresh)).toMatchObject({ id: 'bgd-1', status: 'AVAILABLE' });
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    ['another run', ofOtherRun],
    ['nobody', ofNobody],
    ['another database', { Source: arnOf('invoices') }],
  ])('leaves a deployment alone that has its name and belongs to %s', async (_, fields) => {
    rds.state.records = [record('AVAILABLE', fields)];
    await expect(createGreen(fresh)).rejects.toMatchObject({ name: 'BlueGreen.PreconditionFailed' });
    expect(rds.writes()).toEqual([]);
  });

  test('stops when another open run has marked the database meanwhile', async () => {
    rds.state.tags[arnOf('orders')] = { [executionTag]: otherRun };
    await expect(createGreen(fresh)).rejects.toMatchObject({
      name: 'BlueGreen.PreconditionFailed',
      message: expect.stringContaining(otherRun),
    });
  });

  test('does not mind the mark of a run that has ended', async () => {
    rds.state.tags[arnOf('orders')] = { [executionTag]: `${executionArn}-long-ago` };
    expect(await createGreen(fresh)).toMatchObject({ id: 'bgd-1' });
  });

  test.each(['InstanceQuotaExceededFault', 'InvalidParameterCombination', 'SourceDatabaseNotSupportedFault'])(
    'says why RDS does not build: %s',
    async (name) => {
      rds.state.records = [];
      rds.stub.on(CreateBlueGreenDeploymentCommand).rejects(awsError(name, 400, 'the reason'));
      await expect(createGreen(fresh)).rejects.toMatchObject({
        name: 'BlueGreen.ProvisioningFailed',
        message: expect.stringContaining('the reason'),
      });
    },
  );

  test.each([
    ['BlueGreenDeploymentAlreadyExistsFault', 'BlueGreen.Busy'],
    ['InvalidDBInstanceStateFault', 'BlueGreen.Busy'],
    ['Throttling', 'BlueGreen.Throttled'],
  ])('tries again later after %s', async (name, ours) => {
    rds.state.records = [];
    rds.stub.on(CreateBlueGreenDeploymentCommand).rejects(awsError(name));
    await expect(createGreen(fresh)).rejects.toMatchObject({ name: ours });
  });

  describe('with "adopt"', () => {
    const adopting = { ...fresh, request: requestSchema.parse({ database: 'orders', adopt: 'bgd-1' }) };

    /** Tags are shown as they are written, in both places. */
    function letTagsBeWritten(shown = executionArn): void {
      rds.stub.on(AddTagsToResourceCommand).callsFake(() => {
        rds.state.records = [record('AVAILABLE', { TagList: [{ Key: executionTag, Value: shown }] })];
        return {};
      });
    }

    test('marks the deployment as its own and reads that it stays so', async () => {
      rds.state.records = [record('AVAILABLE', ofNobody)];
      letTagsBeWritten();
      expect(await createGreen(adopting)).toMatchObject({ id: 'bgd-1' });
      expect(rds.writes()).toEqual(['AddTagsToResource']);
    });

    test('waits while its mark is not shown', async () => {
      rds.state.records = [record('AVAILABLE', ofNobody)];
      await expect(createGreen(adopting)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    });

    test('leaves the deployment of an open run alone', async () => {
      // The tags of a deployment stand in its description.
      rds.state.records = [record('AVAILABLE', ofOtherRun)];
      await expect(createGreen(adopting)).rejects.toMatchObject({ name: 'BlueGreen.PreconditionFailed' });
      expect(rds.writes()).toEqual([]);
    });

    test('creates nothing when there is nothing to adopt', async () => {
      rds.state.records = [];
      await expect(createGreen(adopting)).rejects.toMatchObject({ name: 'BlueGreen.PreconditionFailed' });
      expect(rds.writes()).toEqual([]);
    });
  });
});

describe('Wait for green', () => {
  const waiting = {
    ...event(deployment),
    state: 'Wait for green',
    kind: 'wait',
    group: null,
    token: 't',
  } as const;

  test('green that blue lists as its replica before the record does is green, and no stranger', async () => {
    const { SwitchoverDetails: [row] = [] } = record('PROVISIONING');
    rds.state.records = [
      record('PROVISIONING', { SwitchoverDetails: [{ ...row, TargetMember: undefined }] }),
    ];
    const [blue, ...others] = rds.state.instances;
    const listed = { ...blue, ReadReplicaDBInstanceIdentifiers: ['orders-green-abc123'] };
    rds.state.instances = [listed, ...others];
    expect(await waitForGreen(waiting)).toMatchObject({ kind: 'not-yet' });
    listed.ReadReplicaDBInstanceIdentifiers.push('reports');
    rds.state.records = [record('PROVISIONING')];
    await expect(waitForGreen(waiting)).rejects.toThrow('reports belongs to blue');
  });

  test('a failed build is told with what RDS says', async () => {
    rds.state.records = [
      record('INVALID_CONFIGURATION', { StatusDetails: 'rds.logical_replication is off' }),
    ];
    await expect(waitForGreen(waiting)).rejects.toMatchObject({
      name: 'BlueGreen.ProvisioningFailed',
      message: expect.stringContaining('rds.logical_replication is off'),
    });
  });

  test.each([
    ['a status that nobody knows', [record('REPLICATING_BACKWARDS')]],
    ['a deployment that is not listed', []],
  ])('%s is waited for', async (_, records) => {
    rds.state.records = records;
    expect(await waitForGreen(waiting)).toMatchObject({ kind: 'not-yet' });
  });

  test('another database under the name of blue ends the wait', async () => {
    rds.state.instances = [instance('orders', 'db-NEW'), ...rds.state.instances.slice(1)];
    await expect(waitForGreen(waiting)).rejects.toMatchObject({ name: 'BlueGreen.ProvisioningFailed' });
  });

  test('a deployment that another run has taken over ends the wait', async () => {
    rds.state.records = [record('AVAILABLE', ofOtherRun)];
    await expect(waitForGreen(waiting)).rejects.toMatchObject({ name: 'BlueGreen.UnexpectedState' });
  });
});

describe('Check parity', () => {
  test('gives the hash of the plan and the differences that were asked for', async () => {
    const checked = await checkParity(event(deployment));
    const { blue, green = blue } = deployment;
    expect(checked.planHash).toBe(planHash({ deploymentId: 'bgd-1', blue, green }));
    expect(checked.differences).toEqual([expect.stringContaining('runs 17.10')]);
  });

  test('names every difference that nobody asked for', async () => {
    const [blue, green] = beforeCut.described().instances;
    const smaller = { ...green, DBInstanceClass: 'db.t4g.micro', BackupRetentionPeriod: 0 };
    rds.state.instances = [blue ?? {}, smaller];
    await expect(checkParity(event(deployment))).rejects.toMatchObject({
      name: 'BlueGreen.TestFailed',
      message: expect.stringMatching(/instanceClass: .*backupRetentionDays: /s),
    });
  });
});

describe('Find the next window', () => {
  test('a window that has passed is not waited for', async () => {
    const window = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-01-01T02:00:00Z' };
    const late = { ...event(deployment), request: { ...request, window } };
    await expect(findTheNextWindow(late)).rejects.toMatchObject({ name: 'BlueGreen.NotReadyInTime' });
  });
});

describe('Final check', () => {
  const { blue, green = blue } = deployment;
  const hash = planHash({ deploymentId: 'bgd-1', blue, green });
  const window = {
    opensAt: '2026-11-21T11:00:00Z',
    closesAt: '2026-11-21T15:00:00Z',
    approveBy: '2026-11-21T14:00:00Z',
  };
  const checking = {
    ...event({ ...deployment, planHash: hash }),
    wayBack: withoutWayBack('nobody asked'),
    window,
    approval: {},
  };
  const lagOf = (...values: number[]) =>
    cloudWatch.on(GetMetricDataCommand).callsFake(() => ({
      MetricDataResults: [
        {
          Id: 'm0',
          StatusCode: 'Complete' as const,
          Timestamps: values.map((_, index) => new Date(quiet.now - (index + 1) * 60_000)),
          Values: values,
        },
      ],
    }));
  beforeEach(() => {
    lagOf(0, 0, 0);
  });

  test('passes what is as it was approved, and changes nothing', async () => {
    expect(await finalCheck(checking)).toMatchObject({
      planHash: hash,
      lag: { metric: 'OldestReplicationSlotLag' },
    });
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    [7, undefined],
    [8, 'BlueGreen.Throttled'],
  ])('beside %i switchovers of others: %s', async (others, name) => {
    const switching = Array.from({ length: others }, (_, index) => ({
      ...record('SWITCHOVER_IN_PROGRESS'),
      BlueGreenDeploymentIdentifier: `bgd-of-another-${index}`,
    }));
    rds.stub.on(DescribeBlueGreenDeploymentsCommand, {}).callsFake(({ BlueGreenDeploymentIdentifier }) => ({
      BlueGreenDeployments: BlueGreenDeploymentIdentifier
        ? rds.state.records
        : [...rds.state.records, ...switching],
    }));
    const checked = finalCheck(checking);
    if (name) await expect(checked).rejects.toMatchObject({ name });
    else expect(await checked).toMatchObject({ planHash: hash });
  });

  test('looks at a hundred deployments of others with one call, however many there are', async () => {
    rds.stub.on(DescribeBlueGreenDeploymentsCommand, { MaxRecords: 100 }).callsFake(({ Marker }) => {
      if (Marker) throw new Error('it asks for another page');
      return { BlueGreenDeployments: rds.state.records, Marker: 'more' };
    });
    expect(await finalCheck(checking)).toMatchObject({ planHash: hash });
    const ofAll = rds.stub
      .commandCalls(DescribeBlueGreenDeploymentsCommand)
      .filter(({ args: [{ input }] }) => !input.BlueGreenDeploymentIdentifier);
    expect(ofAll.map(({ args: [{ input }] }) => input)).toEqual([{ MaxRecords: 100 }]);
  });

  test('reads the lag of blue’s replication slot by its present name', async () => {
    await finalCheck(checking);
    const [call] = cloudWatch.commandCalls(GetMetricDataCommand);
    expect(call?.args[0].input.MetricDataQueries?.[0]?.MetricStat?.Metric).toEqual({
      Namespace: 'AWS/RDS',
      MetricName: 'OldestReplicationSlotLag',
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'orders' }],
    });
  });

  const alarmed = {
    ...checking,
    request: { ...request, bake: { minutes: 60, alarms: ['errors'], metrics: [] } },
  };
  const alarmIs = (StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
    cloudWatch
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue, ActionsEnabled: true }] });

  test.each([
    ['lag over the limit', () => lagOf(99_000_000, 0, 0), checking, 'Busy'],
    ['lag that is not known', () => lagOf(), checking, 'Busy'],
    [
      'another plan',
      () => undefined,
      { ...checking, deployment: { ...deployment, planHash: 'x' } },
      'UnexpectedState',
    ],
    ['no plan', () => undefined, { ...checking, deployment }, 'UnexpectedState'],
    [
      'a window that closes soon',
      () => undefined,
      { ...checking, window: { ...window, closesAt: '2026-11-21T12:05:00Z' } },
      'NotReadyInTime',
    ],
    [
      'a window that is not open',
      () => undefined,
      { ...checking, window: { ...window, opensAt: '2026-11-21T14:00:00Z' } },
      'Busy',
    ],
    ['an alarm that fires', () => alarmIs('ALARM'), alarmed, 'TestFailed'],
    ['an alarm without data', () => alarmIs('INSUFFICIENT_DATA'), alarmed, 'Busy'],
    ['an alarm that is gone', () => undefined, alarmed, 'Busy'],
    [
      'no approval',
      () => undefined,
      { ...checking, request: requestSchema.parse({ ...request, approval: {} }) },
      'ApprovalDenied',
    ],
  ])('refuses %s', async (_, arrange, input, name) => {
    arrange();
    process.env.DECISION_KEY_ID = 'key';
    await expect(finalCheck(input)).rejects.toMatchObject({ name: `BlueGreen.${name}` });
    expect(rds.writes()).toEqual([]);
  });

  test('a deployment that flaps between two readings is asked again', async () => {
    rds.stub.on(DescribeDBInstancesCommand).callsFake(({ Filters: [filter] = [] }) => {
      const busy = quiet.now > Date.UTC(2026, 10, 21, 12) ? 'storage-optimization' : 'available';
      const found = rds.state.instances.filter((one) =>
        filter?.Values?.includes(one.DBInstanceIdentifier ?? ''),
      );
      return { DBInstances: found.map((one) => ({ ...one, DBInstanceStatus: busy })) };
    });
    await expect(finalCheck(checking)).rejects.toMatchObject({
      name: 'BlueGreen.Busy',
      message: expect.stringContaining('storage-optimization'),
    });
  });
});

describe('Start switchover', () => {
  test.each(['SWITCHOVER_IN_PROGRESS', 'SWITCHOVER_COMPLETED'])('%s is accepted already', async (status) => {
    rds.state.records = [record(status)];
    expect(await startSwitchover(event(deployment))).toEqual({ accepted: true });
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    ['PROVISIONING', 'Busy'],
    ['SWITCHOVER_FAILED', 'UnexpectedState'],
    ['INVALID_CONFIGURATION', 'UnexpectedState'],
    ['DELETING', 'UnexpectedState'],
    ['SOMETHING_NEW', 'UnexpectedState'],
  ])('%s is not switched over', async (status, name) => {
    rds.state.records = [record(status)];
    await expect(startSwitchover(event(deployment))).rejects.toMatchObject({ name: `BlueGreen.${name}` });
    expect(rds.writes()).toEqual([]);
  });

  test('a deployment of another run is not switched over', async () => {
    rds.state.records = [record('AVAILABLE', ofOtherRun)];
    await expect(startSwitchover(event(deployment))).rejects.toMatchObject({
      name: 'BlueGreen.UnexpectedState',
    });
    expect(rds.writes()).toEqual([]);
  });

  test('a function that was frozen after its reading does not act on it', async () => {
    const { TagList, ...rest } = record('AVAILABLE');
    rds.state.records = [
      {
        ...rest,
        get TagList() {
          quiet.now += 600_000;
          return TagList;
        },
      },
    ];
    await expect(startSwitchover(event(deployment))).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.writes()).toEqual([]);
  });
});

describe('Remove green', () => {
  const greenArn = arnOf('orders-green-abc123');
  beforeEach(() => {
    rds.state.tags = { [greenArn]: { [removableTag]: executionArn } };
    fakeMarks('orders', states);
  });

  test.each([
    ['no mark', {}],
    ['the mark of another run', { [removableTag]: otherRun }],
  ])('marks green with %s, and deletes nothing in the same attempt', async (_, tags) => {
    rds.state.tags = { [greenArn]: tags };
    await expect(removeGreen(event(deployment))).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.stub.commandCalls(AddTagsToResourceCommand).map(({ args }) => args[0].input)).toEqual([
      { ResourceName: greenArn, Tags: [{ Key: removableTag, Value: executionArn }] },
    ]);
    expect(rds.writes()).toEqual(['AddTagsToResource']);
  });

  test('turns deletion protection off first, and deletes when it is off', async () => {
    const [blue = {}, green = {}] = rds.state.instances;
    rds.state.instances = [blue, { ...green, DeletionProtection: true }];
    const ofProtected = event({ ...deployment, blue: { ...deployment.blue, deletionProtection: true } });
    await expect(removeGreen(ofProtected)).rejects.toMatchObject({ name: 'BlueGreen.Busy' });
    expect(rds.stub.commandCalls(ModifyDBInstanceCommand).map(({ args }) => args[0].input)).toEqual([
      { DBInstanceIdentifier: 'orders-green-abc123', DeletionProtection: false, ApplyImmediately: true },
    ]);

    rds.state.instances = [blue, green];
    expect(await removeGreen(ofProtected)).toMatchObject({
      status: 'DELETING',
      green: { resourceId: greenId },
    });
    expect(rds.writes()).toEqual(['ModifyDBInstance', 'DeleteBlueGreenDeployment']);
  });

  test.each([
    ['nothing of this name', []],
    ['the deployment of another run', [record('AVAILABLE', ofOtherRun)]],
    ['a deployment without a mark', [record('AVAILABLE', ofNobody)]],
    ['one that is being deleted', [record('DELETING')]],
  ])('leaves %s alone', async (_, records) => {
    rds.state.records = records;
    await removeGreen(event(deployment));
    expect(rds.writes()).toEqual([]);
  });

  test.each([
    ['protected it', { DeletionProtection: true }],
    ['renamed it', { DBInstanceIdentifier: 'mine' }],
    ['given it a replica', { ReadReplicaDBInstanceIdentifiers: ['reports'] }],
  ])('keeps a green when somebody has %s, and takes nothing off it', async (_, change) => {
    const [blue = {}, green = {}] = rds.state.instances;
    rds.state.instances = [blue, { ...green, ...change }];
    await expect(removeGreen(event(deployment))).rejects.toMatchObject({
      name: 'BlueGreen.CleanupIncomplete',
    });
    expect(rds.writes()).toEqual([]);
  });

  test('keeps a green that somebody has promoted', async () => {
    const [blue = {}, green = {}] = rds.state.instances;
    const replica = { ...green, ReadReplicaSourceDBInstanceIdentifier: 'orders' };
    const known = { ...deployment, green: asSide({ instances: [replica] }) };
    rds.state.instances = [blue, green];
    await expect(removeGreen(event(known))).rejects.toThrow(/has promoted it/);
    expect(rds.writes()).toEqual([]);
  });

  test('finds a deployment by name whose Create was never heard of', async () => {
    await removeGreen(event({ ...deployment, id: undefined, green: undefined }));
    expect(rds.writes()).toEqual(['DeleteBlueGreenDeployment']);
  });

  test.each([
    ['the switchover runs', [record('SWITCHOVER_IN_PROGRESS')], rdsOf(blueId, greenId)],
    ['the switchover is over', [record('SWITCHOVER_COMPLETED')], rdsOf(blueId, greenId)],
    ['nobody knows the status', [record('SOMETHING_NEW')], rdsOf(blueId, greenId)],
    ['production leads to green', [record('AVAILABLE')], rdsOf(greenId, blueId)],
    ['production leads to a stranger', [record('AVAILABLE')], rdsOf('db-NEW', greenId)],
    ['nothing has the production name', [record('AVAILABLE')], [instance('orders-green-abc123', greenId)]],
  ])('refuses when %s', async (_, records, instances) => {
    Object.assign(rds.state, { records, instances });
    await expect(removeGreen(event(deployment))).rejects.toMatchObject({ name: 'BlueGreen.OutcomeUnknown' });
    expect(rds.writes()).toEqual([]);
  });
});

function rdsOf(production: string, green: string) {
  return [instance('orders', production), instance('orders-green-abc123', green)];
}
