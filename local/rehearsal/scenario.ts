import type { FaultName, RehearsalOptions } from '../options.ts';
import type { Fault } from '../rds/faults.ts';

/** Name of the database that is rehearsed. */
export const databaseName = 'orders';

/** How a rehearsal is set up and how it must end. */
export interface Scenario {
  request: Record<string, unknown>;
  /** What the local RDS makes go wrong by script. */
  faults: Fault[];
  expectedEnd: string;
}

const stopped = 'Stopped before switchover: blue serves production';
const rolledBack = 'Switchover rolled back: blue serves production';

const endOf: Record<FaultName, string> = {
  'replication-broken': stopped,
  'long-transaction': rolledBack,
  'switchover-refused': rolledBack,
  'green-fails': stopped,
  'green-test-fails': stopped,
};

const scripted: Partial<Record<FaultName, Fault>> = {
  'green-fails': {
    moment: 'build',
    effect: {
      fail: 'The upgrade of green failed: a function of the schema does not exist in the new version.',
    },
  },
  'switchover-refused': {
    moment: 'guardrails',
    effect: { refuse: 'A DDL statement is running on the source database.' },
  },
};

/** The request that is rehearsed, and what is to be expected of it. */
export function planScenario(
  options: RehearsalOptions,
  run: { targetVersion: string; parameterGroup: string; alarm: string; testHook: string },
): Scenario {
  const { fault, answer } = options;
  const script = fault && scripted[fault];
  return {
    request: {
      database: databaseName,
      target: {
        engineVersion: run.targetVersion,
        parameterGroup: run.parameterGroup,
        // Green that never becomes healthy is given up after 6 minutes of the run's time.
        ...(fault === 'replication-broken' && { readyWithinHours: 0.1 }),
      },
      lag: { withinMinutes: 3 },
      bake: { minutes: 2, alarms: [run.alarm] },
      oldBlue: { deleteAfterDays: 0 },
      hooks: { testGreen: { arn: run.testHook } },
      ticket: 'REHEARSAL',
      requestedBy: 'npm start',
    },
    faults: script ? [script] : [],
    expectedEnd: fault ? endOf[fault] : answer === 'no' ? stopped : 'Green serves production',
  };
}
