import type { EndName } from '../functions/domain/model/ends.ts';
import { isAurora } from '../functions/domain/model/engine.ts';
import { usualMetrics } from '../functions/domain/request/metric.ts';
import type { Fault } from '../packages/local-aws/rds/faults.ts';
import { databaseName, fence, targetOf } from './blue.ts';
import { type FaultName, isOwn, type RehearsalOptions } from './options.ts';
import { type Occurrence, requestWayBack } from './way-back.ts';

/** How a rehearsal is set up and how it must end. */
export interface Scenario {
  request: Record<string, unknown>;
  /** What the local RDS makes go wrong by script. */
  faults: Fault[];
  expectedEnd: EndName;
  /** What happens to the way back, once the run bakes. */
  occurrence: Occurrence | undefined;
}

const stopped = 'Stopped before switchover: blue serves production';
const wentBack = 'Went back: blue serves production';
const rolledBack = 'Switchover rolled back: blue serves production';

export const refused = 'Refused: nothing was changed';

const endOf: Record<FaultName, EndName> = {
  'no-primary-key': refused,
  unlogged: refused,
  'cdc-slot': refused,
  'zero-etl': refused,
  'dead-proxy': refused,
  'replication-broken': stopped,
  'long-transaction': rolledBack,
  'weak-old-blue': 'Green serves production',
  'stale-names': 'Green serves production',
  'proxy-left-behind': 'Green serves production',
  'green-fails-over': 'Green serves production',
  'switchover-refused': rolledBack,
  'green-fails': stopped,
  'green-test-fails': stopped,
  'incompatible-schema': stopped,
  'bad-read-step': stopped,
  'bad-read-step-asks': 'Green serves production',
  'bake-alarm': wentBack,
  'slow-after-cut': wentBack,
  'reverse-broken': 'Green serves production',
  'crash-while-going-back': 'Went back: blue serves production',
};

const scripted: Partial<Record<FaultName, Fault[]>> = {
  'weak-old-blue': [{ moment: 'old-blue', effect: { guardedForMs: 0 } }],
  'proxy-left-behind': [{ moment: 'proxies', effect: 'stay' }],
  // As traces of the service have it: 33 s after a cut, ten minutes after a rename.
  'stale-names': [
    { moment: 'names-after-cut', effect: { staleForMs: 33_000 } },
    { moment: 'names-after-rename', effect: { staleForMs: 600_000 } },
  ],
  'green-fails': [
    {
      moment: 'build',
      effect: {
        fail: 'The upgrade of green failed: a function of the schema does not exist in the new version.',
      },
    },
  ],
  'switchover-refused': [
    { moment: 'guardrails', effect: { refuse: 'A DDL statement is running on the source database.' } },
  ],
};

/** The request that is rehearsed, and what is to be expected of it. */
export function planScenario(
  options: RehearsalOptions,
  run: {
    versions: { from: string; to: string };
    alarm: string;
    testHook: string;
    changeHook: string | undefined;
    /** Metrics that are measured here. */
    metrics: readonly string[];
    writeHooks: object | undefined;
    /** By which production goes back, where it does so by a record. */
    record: object | undefined;
    /** By which readers come, where they are led. */
    readsRecord: object | undefined;
  },
): Scenario {
  const { fault } = options;
  const occurrence = findOccurrence(options);
  return {
    request: {
      database: databaseName,
      target: {
        ...targetOf(options.engine, run.versions),
        // Green that never becomes healthy is given up after 6 minutes of the run's time.
        ...(fault === 'replication-broken' && { readyWithinHours: 0.1 }),
      },
      lag: { withinMinutes: 3 },
      // Long enough for a doubt in the stream to become a break, which takes five minutes, also where looks take their time; and for a
      // metric to be sick, which takes as long.
      bake: {
        minutes: occurrence === 'reverse-broken' ? 15 : occurrence ? 10 : 2,
        alarms: [run.alarm],
        // What is compared when nothing else is asked for, as far as it is measured here.
        metrics: usualMetrics.filter(({ name }) => run.metrics.includes(name)),
      },
      ...(options.wayBack && {
        wayBack: requestWayBack(occurrence, {
          holds: run.writeHooks !== undefined,
          record: run.record,
          known: !isOwn(options),
        }),
      }),
      ...(run.readsRecord && { readRamp: requestReads(run.readsRecord, run, fault) }),
      oldBlue: {
        deleteAfterDays: 0,
        ...(isAurora(options.engine) && { fenceSecurityGroup: fence }),
      },
      hooks: {
        ...(run.changeHook && { changeGreen: { arn: run.changeHook } }),
        testGreen: { arn: run.testHook },
        ...run.writeHooks,
      },
      ticket: 'REHEARSAL',
      requestedBy: 'npm start',
    },
    faults: (fault && scripted[fault]) ?? [],
    expectedEnd: expectEnd(options),
    occurrence,
  };
}

/** Three steps of five minutes of the run's time, which are the shortest. */
const requestReads = (
  record: object,
  { metrics, alarm }: { metrics: readonly string[]; alarm: string },
  fault: FaultName | undefined,
) => ({
  ...record,
  alarms: [alarm],
  ...(fault === 'bad-read-step-asks' && { onBadStep: 'ask' }),
  steps: [10, 50, 100],
  minutesEach: 5,
  metrics: usualMetrics.filter(({ name }) => name === 'ReadLatency' && metrics.includes(name)),
});

/** Whether the run is to come to its bake, which compares new production with blue. */
export const bakes = ({ expectedEnd }: Scenario): boolean =>
  ![refused, stopped, rolledBack].includes(expectedEnd);

/** The same where RDS can build no green of what blue holds. */
export const expectNoGreen = (scenario: Scenario): Scenario => ({ ...scenario, expectedEnd: stopped });

/** Errors of a run that a person has ended: that is how it should end then. */
const endedByPeople: (string | null)[] = ['BlueGreen.ApprovalDenied', 'BlueGreen.StopRequested'];

/** What is known only when the run has ended. */
export interface Learned {
  /** Error of the run, as its description has it. */
  error: string | null;
  /** pg_upgrade has refused what came from the user. */
  upgradeRefused: boolean;
  /** What came from the user allows no way back, which the approvers were told. */
  noWayBack: boolean;
}

/** The end that is to be expected, now that it is known what a person at the page has decided, and what only the run finds in a database. */
export function expectAfterRun(
  { expectedEnd }: Pick<Scenario, 'expectedEnd'>,
  { answer }: Pick<RehearsalOptions, 'answer'>,
  { error, upgradeRefused, noWayBack }: Learned,
): EndName {
  const isEnded = answer === 'ask' && endedByPeople.includes(error);
  if (upgradeRefused) return stopped;
  if (noWayBack && expectedEnd === wentBack) return 'Green serves production';
  return isEnded && expectedEnd === 'Green serves production' ? stopped : expectedEnd;
}

/** The same where the preconditions say no to what blue holds. */
export const expectRefusal = (scenario: Scenario): Scenario => ({ ...scenario, expectedEnd: refused });

function findOccurrence({ fault, goBack, wayBack }: RehearsalOptions): Occurrence | undefined {
  if (fault === 'bake-alarm' || fault === 'slow-after-cut') return fault;
  if (!wayBack) return undefined;
  if (fault === 'reverse-broken' || fault === 'crash-while-going-back') return fault;
  return goBack && (!fault || fault === 'stale-names') ? 'go-back' : undefined;
}

function expectEnd({ fault, answer, goBack, wayBack }: RehearsalOptions): EndName {
  if (fault && endOf[fault] === wentBack && !wayBack) return 'Green serves production, clean-up incomplete';
  if (fault && !goBack) return endOf[fault];
  if (answer === 'no') return stopped;
  return goBack && wayBack ? wentBack : 'Green serves production';
}
