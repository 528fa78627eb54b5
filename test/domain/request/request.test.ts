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
      target: { engineVersion: '17.10', readyWithinHours: 24 },
      lag: { maxSeconds: 10, maxMiB: 16, withinMinutes: 60 },
      tests: { allowDifferences: [] },
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
