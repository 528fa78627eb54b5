import { describe, expect, it } from 'vitest';
import { describeProblems } from '../../../functions/domain/request/problems.ts';
import { requestSchema } from '../../../functions/domain/request/request.ts';
import { invalidRequests } from './invalid-requests.ts';

const target = { engineVersion: '17.10' };

function problemsOf(input: unknown): string[] {
  const parsed = requestSchema.safeParse(input);
  return parsed.success ? [] : describeProblems(parsed.error.issues, input);
}

describe('the smallest request', () => {
  it('is a database and one change; the rest is what a careful operator would choose', () => {
    expect(requestSchema.parse({ database: 'orders', target })).toEqual({
      database: 'orders',
      target: { engineVersion: '17.10', members: [], readyWithinHours: 24 },
      lag: { maxSeconds: 10, maxMiB: 16, withinMinutes: 60 },
      tests: { allowDifferences: [], failover: true },
      approval: {
        required: true,
        groups: [{ name: 'approvers' }],
        withinHours: 24,
        distinctPeople: true,
        authenticatedOnly: false,
      },
      switchover: { timeoutSeconds: 300, longTransactions: 'wait', longTransactionSeconds: 60 },
      bake: {
        minutes: 60,
        metrics: [
          { name: 'CPUUtilization', worse: 'higher', floor: 40, ratio: 2 },
          { name: 'ReadLatency', worse: 'higher', floor: 0.02, ratio: 3 },
          { name: 'WriteLatency', worse: 'higher', floor: 0.02, ratio: 3 },
          { name: 'DatabaseConnections', worse: 'lower', floor: 5, ratio: 2 },
        ],
        alarms: [],
      },
      oldBlue: { deleteAutomatedBackups: false },
      wayBack: {
        enabled: true,
        applicationRoles: [],
        onFailure: 'ask',
        endpoint: { kind: 'rename' },
        walBudgetGiB: 20,
        secureWithinMinutes: 5,
      },
      hooks: {},
      consumers: [],
      dryRun: false,
    });
  });
});

describe('a request that is not one', () => {
  it.each(invalidRequests)('%s', (problem, input) => {
    expect(problemsOf(input)).toContain(problem);
  });

  it('hears everything at once', () => {
    const input = { database: 7, target: { engineVersion: 17, size: 1 }, dryRun: 'no', colour: 'green' };
    expect(
      problemsOf(input)
        .map((problem) => problem.split(':')[0])
        .sort(),
    ).toEqual(['colour', 'database', 'dryRun', 'target.engineVersion', 'target.size'].sort());
  });

  it('is not repeated at length', () => {
    const [problem = ''] = problemsOf({ database: 'x'.repeat(100_000), target });
    expect(problem.length).toBeLessThan(200);
  });

  it('is told as it was written as far as 80 characters go', () => {
    const [fits = ''] = problemsOf({ database: `-${'x'.repeat(77)}`, target });
    expect(fits).toContain(`"-${'x'.repeat(77)}"`);
    const [cut = ''] = problemsOf({ database: `-${'x'.repeat(78)}`, target });
    expect(cut).toContain(`"-${'x'.repeat(75)}...;`);
  });
});

describe('a request that is one', () => {
  const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-test';
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:viridian-orders';
  const readers = { hostedZoneId: 'Z1ABC', recordName: 'orders-readers.example.com' };
  it.each<[what: string, more: object]>([
    ['signs in by IAM', { wayBack: { login: {} } }],
    ['signs in as another user by a secret', { wayBack: { login: { user: 'viridian_app', secret } } }],
    ['asks for its transactions', { switchover: { longTransactions: 'end' }, wayBack: { login: {} } }],
    ['takes a deployment up, and changes nothing more', { target: {}, adopt: 'bgd-1a2b' }],
    ['changes green by a hook alone', { target: {}, hooks: { changeGreen: { arn } } }],
    ['changes a parameter group alone', { target: { parameterGroup: 'orders-17' } }],
    ['changes the group of a cluster alone', { target: { clusterParameterGroup: 'orders-17' } }],
    ['changes a class alone', { target: { instanceClass: 'db.r8g.large' } }],
    [
      'changes a class of a member alone',
      { target: { members: [{ member: 'r1', instanceClass: 'db.r8g.large' }] } },
    ],
    ['changes storage alone', { target: { storage: { type: 'gp3' } } }],
    [
      'stops and resumes writes within an hour',
      { hooks: { stopWrites: { arn, withinMinutes: 60 }, resumeWrites: { arn } } },
    ],
    ['hands consumers over by a hook that returns', { hooks: { handOver: { arn } }, consumers: ['a', 'b'] }],
    ['lets people decide on a bad step of readers', { readRamp: { ...readers, onBadStep: 'ask' } }],
    ['asks nobody, and stops at a bad step of readers', { approval: { required: false }, readRamp: readers }],
    ['asks nobody', { approval: { required: false } }],
  ])('%s', (_, more) => {
    expect(problemsOf({ database: 'orders', target, ...more })).toEqual([]);
  });

  it('leads readers to green as a careful operator would', () => {
    const { readRamp } = requestSchema.parse({ database: 'orders', target, readRamp: readers });
    expect(readRamp).toEqual({
      ...readers,
      steps: [10, 20, 50, 100],
      minutesEach: 10,
      alarms: [],
      metrics: [
        { name: 'CPUUtilization', worse: 'higher', floor: 40, ratio: 2 },
        { name: 'ReadLatency', worse: 'higher', floor: 0.02, ratio: 3 },
      ],
      onBadStep: 'stop',
    });
  });
});

describe('databases and hooks', () => {
  it.each([
    'orders',
    'Orders-2',
    'arn:aws:rds:eu-central-1:111122223333:db:orders',
    'arn:aws-cn:rds:cn-north-1:111122223333:cluster:orders',
  ])('%s is a database', (database) => {
    expect(problemsOf({ database, target })).toEqual([]);
  });

  it.each([
    '1orders',
    'orders-',
    'orders; drop',
    'arn:aws:rds:eu-central-1:111122223333:snapshot:orders',
    'arn:aws:rds:eu-central-1:111122223333:db:orders\n',
    'x'.repeat(64),
    // With a pattern that can split the name in many ways this would not end.
    `arn:aws:rds:eu-central-1:111122223333:db:${'a'.repeat(60)}_`,
  ])('%j is none', (database) => {
    expect(problemsOf({ database, target })).toHaveLength(1);
  });

  it.each([
    'arn:aws:lambda:eu-central-1:111122223333:function:payments',
    'arn:aws:lambda:eu-central-1:111122223333:function:my-viridian-hook-x',
    'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-',
  ])('%s is not a hook', (other) => {
    expect(problemsOf({ database: 'orders', target, hooks: { testGreen: { arn: other } } })).toHaveLength(1);
  });
});
