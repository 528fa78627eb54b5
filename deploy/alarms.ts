import { anchor } from '../functions/domain/announcement/links.ts';
import type { EndName } from '../functions/domain/model/ends.ts';
import { unexpectedErrors } from '../functions/tasks/unexpected.ts';
import { att, functionId, type Resource, type Resources, ref, type Value } from './cloudformation.ts';
import { type FunctionKey, functionKeys } from './functions.ts';
import { type MachineFile, machineFiles, machines } from './machines.ts';
import { machineArn, metricsNamespace } from './names.ts';
import type { Settings } from './settings.ts';

/**
 * Never on the failed or timed-out counts of the Lambda integration: every tick and every wake-up raises them.
 *
 * A function that sees an unexpected error counts it itself. A function that dies (it cannot be loaded, runs out of time or of memory) counts
 * nothing. AWS does: the death of a task is an error for the state machine, which tries again and then ends the run, so that an alarm of
 * the machine rings, or goes on without that task's part and announces so. The death of a function that no state calls, of one that
 * announces, of those that speak SQL, and of the one that marks databases, is watched as one of its `Errors`.
 */
export function describeAlarms(settings: Settings): Resources {
  return {
    ...describeMachineAlarms(settings),
    ...describeEndAlarms(settings),
    ...describeTellingAlarms(settings),
    ...describeErrorAlarms(settings),
    ...describeThrottleAlarms(settings),
    ...describeWaitAlarm(settings),
  };
}

/** Ends that a person has to look at, as the runs count them. */
function describeEndAlarms(settings: Settings): Resources {
  const alarm = alarmFor(settings);
  const ended = (name: string, end: EndName) =>
    metric(metricsNamespace(settings.prefix), name, [{ Name: 'End', Value: end }]);
  return {
    OutcomeUnknownAlarm: alarm('outcome-unknown', {
      means: 'It is not proved which database serves. Look before anything is tried again.',
      heading: 'Outcome unknown: look before any retry',
      metrics: [ended('Runs', 'Outcome unknown: look before any retry')],
    }),
    GoingBackIncompleteAlarm: alarm('going-back-incomplete', {
      means: 'Going back was begun and is not proved to have ended. Perhaps no database takes writes.',
      heading: 'Going back incomplete: look before any retry',
      metrics: ['Runs', 'Returns'].map((name) => ended(name, 'Going back incomplete: look before any retry')),
    }),
  };
}

/** What keeps people or records from being told, and runs from being woken. */
function describeTellingAlarms(settings: Settings): Resources {
  const alarm = alarmFor(settings);
  return {
    AnnouncingAlarm: alarm('announcing-fails', {
      means: 'An outcome, a report or a question did not reach anybody.',
      heading: 'Alarm: announcing fails',
      metrics: [
        ...errorsOf('notify', 'recordOutcome', 'askForApproval', 'announce', 'reconcile'),
        ...['Announcements', 'Approvals'].map((id) =>
          metric('AWS/SNS', 'NumberOfNotificationsFailed', [
            { Name: 'TopicName', Value: att(id, 'TopicName') },
          ]),
        ),
      ],
    }),
    WakingAlarm: alarm('waking-fails', {
      means: 'Events do not wake the runs. Runs go on by their ticks, up to half an hour later.',
      heading: 'Alarm: waking fails',
      metrics: [
        ...errorsOf('wakeRun'),
        ...['WakeOnDeploymentRule', 'WakeOnAlarmRule'].map((id) =>
          metric('AWS/Events', 'FailedInvocations', [{ Name: 'RuleName', Value: ref(id) }]),
        ),
      ],
    }),
    EvidenceAlarm: alarm('evidence-fails', {
      means:
        'The record of a run was not written. It is tried again every hour, for a day after the end of the run.',
      heading: 'Alarm: evidence fails',
      metrics: errorsOf('keepEvidence'),
    }),
    DecidingAlarm: alarm('deciding-fails', {
      means: 'The approval page, the route for deciding or the pages of runs have an error.',
      heading: 'Alarm: deciding fails',
      metrics: errorsOf('approvalPage', 'decideWithIam', 'decide', 'runPages'),
    }),
  };
}

/** Errors that functions count themselves, and the deaths of those that no state calls. */
function describeErrorAlarms(settings: Settings): Resources {
  return {
    UnexpectedErrorAlarm: alarmFor(settings)('unexpected-error', {
      means: 'A function saw something that Viridian does not know, or AWS denied it something.',
      heading: 'BlueGreen.UnexpectedState',
      metrics: [
        metric(metricsNamespace(settings.prefix), unexpectedErrors, []),
        ...errorsOf('sqlPostgres', 'sqlMysql', 'markDatabases'),
      ],
    }),
  };
}

/** Every function, ten to an alarm. */
function describeThrottleAlarms(settings: Settings): Resources {
  return Object.fromEntries(
    inTens(functionKeys).map((keys, index) => [
      `ThrottledAlarm${index + 1}`,
      alarmFor(settings)(`throttled-${index + 1}`, {
        means: `Lambda has no room for functions of the stack (${keys.join(', ')}).`,
        heading: 'Alarm: functions are throttled',
        metrics: keys.map((key) => functionMetric('Throttles', key)),
      }),
    ]),
  );
}

function describeWaitAlarm(settings: Settings): Resources {
  const { approvalAlarmHours: hours, prefix } = settings;
  return {
    ApprovalWaitsAlarm: alarmFor(settings)('approval-waits', {
      means: `A question has been open for ${hours} h. Green costs money while it waits.`,
      heading: 'Alarm: an approval waits',
      metrics: [metric(metricsNamespace(prefix), 'ApprovalWaitHours', [])],
      statistic: 'Maximum',
      threshold: hours,
      periodSeconds: 3_600,
    }),
  };
}

/** Alarms on what AWS counts of the executions of each machine. */
function describeMachineAlarms(settings: Settings): Resources {
  const alarm = alarmFor(settings);
  const ofMachine = (file: MachineFile) => {
    const dimensions = [{ Name: 'StateMachineArn', Value: machineArn(settings.prefix, file) }];
    return machines[file].alarms.map(({ id, name, counts, ...words }) => [
      `${id}Alarm`,
      alarm(name, {
        ...words,
        metrics: counts.map((count) => metric('AWS/States', count, dimensions)),
      }),
    ]);
  };
  return Object.fromEntries(machineFiles.flatMap(ofMachine));
}

interface Metric {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: Value }[];
}

interface AlarmSpec {
  means: string;
  /** Heading of docs/runbook.md. */
  heading: string;
  /** At most ten; they are added up. */
  metrics: Metric[];
  statistic?: 'Sum' | 'Maximum';
  threshold?: number;
  periodSeconds?: number;
}

const metric = (Namespace: string, MetricName: string, Dimensions: Metric['Dimensions']): Metric => ({
  Namespace,
  MetricName,
  Dimensions,
});

const functionMetric = (name: string, key: FunctionKey): Metric =>
  metric('AWS/Lambda', name, [{ Name: 'FunctionName', Value: ref(functionId(key)) }]);

const errorsOf = (...keys: FunctionKey[]): Metric[] => keys.map((key) => functionMetric('Errors', key));

/** One alarm on a metric or on a sum of metrics. What is not measured did not happen: counts appear with the first event. */
function alarmFor({ prefix, runbook }: Settings) {
  return (name: string, spec: AlarmSpec): Resource => {
    const { statistic = 'Sum', threshold = 1, periodSeconds = 300, metrics } = spec;
    return {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${prefix}-${name}`,
        AlarmDescription: `${spec.means} ${runbook}#${anchor(spec.heading)}`,
        AlarmActions: [ref('Announcements')],
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Threshold: threshold,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        ...measure(metrics, statistic, periodSeconds),
      },
    };
  };
}

function measure(metrics: Metric[], statistic: string, period: number): { [key: string]: Value } {
  const [first] = metrics;
  if (first && metrics.length === 1)
    return { ...(first as unknown as { [key: string]: Value }), Statistic: statistic, Period: period };
  const parts = metrics.map((part, index) => ({
    Id: `m${index + 1}`,
    ReturnData: false,
    MetricStat: { Metric: part as unknown as Value, Stat: statistic, Period: period },
  }));
  const all = { Id: 'all', Expression: 'SUM(METRICS())', Label: 'all together', ReturnData: true };
  return { Metrics: [all, ...parts] };
}

function inTens<Item>(items: readonly Item[]): Item[][] {
  return items.length === 0 ? [] : [items.slice(0, 10), ...inTens(items.slice(10))];
}
