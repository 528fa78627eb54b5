import type { Clock } from '../clock.ts';
import { type MetricSource, MetricStore, type Override } from '../metric-store.ts';
import type { Operation, Service } from '../wire/service.ts';
import { type AlarmEvent, Alarms } from './alarms.ts';
import { getMetricData, getMetricStatistics, putMetricData } from './cloudwatch-metrics.ts';

/** The Service `monitoring`: metrics from sources, and alarms that are set by hand. */
export class CloudWatchService implements Service {
  readonly name = 'monitoring';
  readonly operations: Record<string, Operation>;
  readonly #metrics: MetricStore;
  readonly #alarms: Alarms;

  constructor(options: { clock: Clock; sources?: MetricSource[]; account?: string; region?: string }) {
    const { clock, account = '111122223333', region = 'eu-west-1' } = options;
    const metrics = new MetricStore(options.sources ?? []);
    const alarms = new Alarms(clock, account, region);
    this.#metrics = metrics;
    this.#alarms = alarms;
    this.operations = {
      DescribeAlarms: (input) => alarms.describe(input),
      GetMetricData: (input) => getMetricData(metrics, input),
      GetMetricStatistics: (input) => getMetricStatistics(metrics, input),
      PutCompositeAlarm: (input) => alarms.putComposite(input),
      PutMetricAlarm: (input) => alarms.putMetric(input),
      PutMetricData: (input) => putMetricData(metrics, clock, input),
      SetAlarmState: (input) => alarms.setState(input),
    };
  }

  /** From now on these series say something else than what is measured; a later override wins. Gives the way to undo it. */
  override(override: Override): () => void {
    this.#metrics.overrides.push(override);
    return () => {
      this.#metrics.overrides.splice(this.#metrics.overrides.indexOf(override), 1);
    };
  }

  /** Called with every change of an alarm's state. */
  onAlarm(listener: (event: AlarmEvent) => void): void {
    this.#alarms.onStateChange(listener);
  }
}
