import type {
  CompositeAlarm,
  DescribeAlarmsCommandInput,
  MetricAlarm,
  PutCompositeAlarmCommandInput,
  PutMetricAlarmCommandInput,
  SetAlarmStateCommandInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../clock.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import { AwsError } from '../wire/service.ts';
import { invalidNextToken, validation } from './cloudwatch-refusals.ts';

/** A change of an alarm's state as EventBridge delivers it. */
export interface AlarmEvent {
  source: 'aws.cloudwatch';
  'detail-type': 'CloudWatch Alarm State Change';
  time: string;
  resources: [string];
  detail: {
    alarmName: string;
    state: { value: StateValue; reason: string; timestamp: string };
    previousState: { value: StateValue; reason: string; timestamp: string };
  };
}

interface State {
  StateValue: StateValue;
  StateReason: string;
  StateUpdatedTimestamp: Date;
}

type Metric = MetricAlarm & State & { AlarmName: string; AlarmArn: string };
type Composite = CompositeAlarm & State & { AlarmName: string; AlarmArn: string };

/** Alarms change their state only when they are told to (SetAlarmState): nothing is evaluated here. */
export class Alarms {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #metric = new Map<string, Metric>();
  readonly #composite = new Map<string, Composite>();
  readonly #listeners: ((event: AlarmEvent) => void)[] = [];

  constructor(clock: Clock, account: string, region: string) {
    this.#clock = clock;
    this.#prefix = `arn:aws:cloudwatch:${region}:${account}:alarm:`;
  }

  onStateChange(listener: (event: AlarmEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Putting an alarm again keeps its state. */
  putMetric(input: PutMetricAlarmCommandInput) {
    const { Tags: _, ...fields } = input;
    const name = input.AlarmName ?? '';
    this.#metric.set(name, { ...fields, ...this.#identity(name, this.#metric.get(name)) });
    return {};
  }

  putComposite(input: PutCompositeAlarmCommandInput) {
    const { Tags: _, ...fields } = input;
    const name = input.AlarmName ?? '';
    this.#composite.set(name, { ...fields, ...this.#identity(name, this.#composite.get(name)) });
    return {};
  }

  setState(input: SetAlarmStateCommandInput) {
    const name = input.AlarmName ?? '';
    const alarm = this.#metric.get(name) ?? this.#composite.get(name);
    if (!alarm) throw new AwsError('ResourceNotFound', `The alarm ${name} does not exist`, 404);
    const next = input.StateValue ?? 'INSUFFICIENT_DATA';
    if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(next)) throw validation(`Invalid StateValue: ${next}`);
    const previousState = stateOf(alarm);
    alarm.StateValue = next;
    alarm.StateReason = input.StateReason ?? '';
    alarm.StateUpdatedTimestamp = new Date(this.#clock.now());
    if (previousState.value !== next) this.#tell(alarm, previousState);
    return {};
  }

  /** DescribeAlarms: without `AlarmTypes` composite alarms are left out, even when they are asked for by name. */
  describe(input: DescribeAlarmsCommandInput) {
    const types = input.AlarmTypes ?? ['MetricAlarm'];
    const size = input.MaxRecords ?? 50;
    if (size < 1 || size > 100) throw validation('MaxRecords must be between 1 and 100');
    if (input.AlarmNames && input.AlarmNamePrefix)
      throw validation('AlarmNames and AlarmNamePrefix cannot be given together');
    const named = [...this.#metric.values(), ...this.#composite.values()]
      .filter(
        (alarm) =>
          (!input.AlarmNames || input.AlarmNames.includes(alarm.AlarmName)) &&
          alarm.AlarmName.startsWith(input.AlarmNamePrefix ?? '') &&
          (!input.StateValue || alarm.StateValue === input.StateValue) &&
          types.includes(this.#composite.has(alarm.AlarmName) ? 'CompositeAlarm' : 'MetricAlarm'),
      )
      .sort((a, b) => (a.AlarmName < b.AlarmName ? -1 : 1));
    const after = input.NextToken === undefined ? '' : readPageToken(input.NextToken);
    if (after === undefined) throw invalidNextToken();
    const rest = named.filter(({ AlarmName }) => AlarmName > after);
    const shown = rest.slice(0, size).map((alarm) => structuredClone(alarm));
    return {
      MetricAlarms: shown.filter(({ AlarmName }) => this.#metric.has(AlarmName)) as MetricAlarm[],
      CompositeAlarms: shown.filter(({ AlarmName }) => this.#composite.has(AlarmName)) as CompositeAlarm[],
      NextToken: rest.length > size ? writePageToken(shown.at(-1)?.AlarmName ?? '') : undefined,
    };
  }

  #identity(name: string, existing: State | undefined) {
    const now = new Date(this.#clock.now());
    return {
      AlarmName: name,
      AlarmArn: `${this.#prefix}${name}`,
      StateValue: existing?.StateValue ?? ('INSUFFICIENT_DATA' as const),
      StateReason: existing?.StateReason ?? 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: existing?.StateUpdatedTimestamp ?? now,
      AlarmConfigurationUpdatedTimestamp: now,
    };
  }

  #tell(alarm: Metric | Composite, previousState: ReturnType<typeof stateOf>): void {
    const state = stateOf(alarm);
    const event: AlarmEvent = {
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      time: state.timestamp,
      resources: [alarm.AlarmArn],
      detail: { alarmName: alarm.AlarmName, state, previousState },
    };
    for (const listener of this.#listeners) listener(structuredClone(event));
  }
}

const stateOf = (alarm: State) => ({
  value: alarm.StateValue,
  reason: alarm.StateReason,
  timestamp: alarm.StateUpdatedTimestamp.toISOString(),
});
