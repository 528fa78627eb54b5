import { afterEach, expect, test } from 'vitest';
import { kinds } from './databases.ts';
import { all, databasesAnswer, lagReads, onGreen, rdsPlays, refuses, type Trouble, when } from './faults.ts';
import { leadReaders } from './play.ts';
import { type Request, run } from './run.ts';
import { countCalls, type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage?.close());

const impatient = { target: { readyWithinHours: 0.1 }, lag: { withinMinutes: 5 } };
const replication = (Status: string, Message: string): Trouble =>
  onGreen((instance) =>
    Object.assign(instance, {
      StatusInfos: [{ StatusType: 'read replication', Normal: false, Status, Message }],
    }),
  );
/** Green of an instance shows the health that the data plane has. */
const degraded =
  (message = 'DDL ran'): Trouble =>
  ({ plane }) =>
    Object.assign(plane.behaviour, {
      replication: { state: 'degraded', lagSeconds: 0, lagBytes: 0, message },
    });

const asked = { approval: { withinHours: 1 } };

test.each<[what: string, ask: Request, trouble: Trouble, says: RegExp]>([
  [
    'green is at work',
    impatient,
    rdsPlays({ moment: 'available', effect: { memberStatus: 'modifying' } }),
    /in time.*Seen last: \S+ is modifying/,
  ],
  [
    'replication is degraded',
    impatient,
    when('Wait for green', degraded()),
    /in time.*"replication degraded".*DDL ran/,
  ],
  ['there is no lag', impatient, lagReads('missing'), /in time.*has 0 points/],
  ['the lag is not known', impatient, lagReads(-1), /in time.*the lag is not known/],
  ['green is behind', impatient, lagReads(1e12), /in time.*MiB behind, the limit is/],
  [
    'CloudWatch may not be read',
    impatient,
    when('Wait for replication to catch up', refuses('GetMetricData', 'Throttling')),
    /in time.*Throttling/,
  ],
  [
    'the readers on green cannot be looked at',
    { readRamp: { steps: [100], minutesEach: 5 } },
    when('Watch the reads', refuses('GetMetricData', 'Throttling')),
    /no look at the readers.*in time.*Seen last: .*Throttling/,
  ],
  [
    'the switchover is denied',
    {},
    refuses('SwitchoverBlueGreenDeployment', 'AccessDenied'),
    /AccessDenied: .*blue was not touched/,
  ],
])('the end says why: %s', async (_, ask, trouble, says) => {
  stage = await setStage(kinds.postgres);
  await trouble(stage);
  const { executionArn, status } = await run(stage, { ...ask, ...leadReaders(stage, ask) });
  expect(status).toBe('FAILED');
  expect(stage.account.states.describeExecution(executionArn).cause?.replace(/\s+/g, ' ')).toMatch(says);
  const announced = stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ');
  expect(announced).toMatch(says);
});

test('a question, its reminder and its last call name what is in the way, where there is something', async () => {
  stage = await setStage(kinds.postgres);
  lagReads(1e12)(stage);
  await run(stage, asked);
  const questions = stage.account.sns.messages.filter(
    ({ topicArn }) => topicArn === process.env.APPROVALS_TOPIC_ARN,
  );
  expect(questions.map(({ attributes }) => attributes.occasion?.StringValue)).toEqual([
    'ask',
    'remind',
    'escalate',
  ]);
  // The first question may come before there are three points to believe.
  for (const { message } of questions) expect(message).toMatch(/In the way just now/);
  for (const { message } of questions.slice(1))
    expect(message.replace(/(\\n|\s)+/g, ' ')).toMatch(/In the way just now .*behind, the limit is/);
  stage.close();
  stage = await setStage(kinds.postgres);
  await run(stage, asked);
  const others = stage.account.sns.messages.filter(
    ({ topicArn }) => topicArn === process.env.APPROVALS_TOPIC_ARN,
  );
  expect(others.length).toBeGreaterThan(1);
  for (const { message } of others.slice(1)) expect(message).not.toMatch(/In the way/);
});

test('a replication that has ended with an error is not waited for', async () => {
  stage = await setStage(kinds.auroraMysql);
  when('Wait for replication to catch up', replication('error', 'Error 1062: Duplicate entry'))(stage);
  const { error, took } = await run(stage);
  expect(error).toBe('BlueGreen.ProvisioningFailed');
  expect(took).toBeLessThan(40 * 60_000);
  expect(stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ')).toContain(
    'Error 1062: Duplicate entry',
  );
});

const tonight = { window: { opensAt: '2026-11-21T21:00:00Z', closesAt: '2026-11-22T00:00:00Z' } };

test('a slot of blue that has lost log which green needs ends the run, and is never switched over', async () => {
  stage = await setStage(kinds.postgres);
  const lost = 'replication slot has been invalidated: wal_status is lost';
  when('Wait for replication to catch up', degraded(lost))(stage);
  const { error, serves } = await run(stage, impatient);
  expect(error).toBe('BlueGreen.NotReadyInTime');
  expect(serves).toBe('blue');
  expect(countCalls(stage, 'SwitchoverBlueGreenDeployment')).toBe(0);
  expect(stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ')).toContain('wal_status is lost');
});

test.each([
  ['while it is caught up with', 'Wait for replication to catch up', [], {}],
  ['while green is built', 'Wait for green', [], {}],
  ['where RDS says nothing of it', 'Wait for replication to catch up', [lagReads('missing')], {}],
  ['before the window', 'Wait for window', [], tonight],
  ['before the window, where RDS says nothing of it', 'Wait for window', [lagReads('missing')], tonight],
] as const)(
  'a slot of blue that has lost log which green needs is not waited for with a login: %s',
  async (_, state, silent, more) => {
    stage = await setStage(kinds.postgres);
    const because = 'the slot rds_to_green of blue has lost log that green needs (wal_removed)';
    const seen = silent.length > 0 ? silent : [degraded('replication is behind')];
    when(
      state,
      all(databasesAnswer('ended-replication', { kind: 'answer', facts: { because } }), ...seen),
    )(stage);
    const { error, took, serves } = await run(stage, { wayBack: { login: {} }, ...more });
    expect(error).toBe('BlueGreen.ProvisioningFailed');
    expect(serves).toBe('blue');
    expect(took).toBeLessThan(3 * 3_600_000);
    expect(stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ')).toContain(because);
  },
);

test.each([
  ['and RDS shows nothing', lagReads('missing')],
  ['and RDS calls it degraded', replication('replication degraded', 'it is behind')],
])('a replication that does not survive the failover of green is not waited for, %s', async (_, shown) => {
  stage = await setStage(kinds.auroraMysql);
  const because = 'the replica stopped with error 1062';
  when(
    'Wait for green after its failover',
    all(databasesAnswer('ended-replication', { kind: 'answer', facts: { because } }), shown),
  )(stage);
  const { error, path } = await run(stage, { wayBack: { login: {} } });
  expect(error).toBe('BlueGreen.ProvisioningFailed');
  expect(path).not.toContain('Check parity');
  expect(stage.account.sns.messages.at(-1)?.message.replace(/\s+/g, ' ')).toContain(because);
});

test('a way back that was not secured in time says what stood against it, at once and at the end', async () => {
  stage = await setStage(kinds.postgres);
  databasesAnswer('secure', { kind: 'refused', code: 'writers', because: 'role batch still writes' })(stage);
  const { status } = await run(stage, {
    wayBack: { login: {}, applicationRoles: ['app'], secureWithinMinutes: 1 },
    bake: { minutes: 20 },
    approval: { required: false },
  });
  expect(status).toBe('SUCCEEDED');
  const told = stage.account.sns.messages.map(({ message }) => message.replace(/(\\n|\s)+/g, ' '));
  const saying = told.filter((text) =>
    /not secured in time \(deadline [^)]+\)\. Seen last: role batch still writes \(writers\): end what/.test(
      text,
    ),
  );
  // Besides the announcement there are the one of the cut, and the warnings of the outcome.
  expect(saying.length).toBeGreaterThanOrEqual(2);
  expect(saying).toContain(told.at(-1));
});
