import { type NotYet, notYet } from '../model/not-yet.ts';
import type { Request } from '../request/request.ts';
import { type AlarmReading, sortAlarms } from './alarms.ts';
import type { Baseline, MetricReading } from './baseline.ts';
import { type BakeTime, judgeMetric, type MetricVerdict } from './metric-verdict.ts';
import { comparedMetrics } from './metrics.ts';

/** What a look of the bake has to go by. */
export interface BakeFacts {
  bake: Request['bake'];
  alarms: AlarmReading[];
  baseline: Baseline;
  metrics: MetricReading[];
  time: BakeTime;
  /** No other look comes before the time is up. */
  isLast: boolean;
}

/** `$compared` of the run: blue before the cut and new production after it, by the names of metrics. */
export type Compared = Record<string, Pick<MetricVerdict, 'before' | 'after' | 'points'>>;

export type BakeVerdict =
  | { kind: 'pass'; compared: Compared }
  | { kind: 'fail'; because: string }
  | { kind: 'undecided'; because: string; compared: Compared }
  | NotYet;

/**
 * What the bake says of new production. A firing alarm and a sick metric fail it at once. It passes at its end, when every alarm is
 * fine and every metric was there and healthy. Anything else is not yet decided, and undecided when nothing more can come.
 */
export function judgeBake({ bake, alarms, baseline, metrics, time, isLast }: BakeFacts): BakeVerdict {
  const alarm = sortAlarms(bake.alarms, alarms);
  const verdicts = comparedMetrics(bake).map((metric) =>
    judgeMetric(
      metric,
      baseline,
      metrics.find(({ name }) => name === metric.name),
      time,
    ),
  );
  const sick = verdicts.filter(({ kind }) => kind === 'sick').map(({ because }) => because);
  if (alarm.firing.length > 0 || sick.length > 0)
    return { kind: 'fail', because: [...alarm.firing, ...sick].join('; ') };
  // Not a comparison that an unreadable time (NaN) would pass.
  if (!(time.now >= time.until)) return notYet(stillBaking(time.until, alarm.unclear), null);
  const unclear = verdicts.filter(({ kind }) => kind === 'unclear');
  const compared = asCompared(verdicts);
  if (alarm.unclear.length === 0 && unclear.length === 0) return { kind: 'pass', compared };
  const because = [...alarm.unclear, ...unclear.map((verdict) => verdict.because)].join('; ');
  const mayChange = alarm.unclear.length > 0 || unclear.some((verdict) => verdict.mayChange);
  if (isLast || !mayChange) return { kind: 'undecided', because, compared };
  return notYet(because, 'look in CloudWatch whether it exists and has data');
}

function stillBaking(until: number, unclear: string[]): string {
  const end = Number.isFinite(until) ? new Date(until).toISOString() : 'an unreadable time';
  return [`watched until ${end}`, ...unclear].join('; ');
}

function asCompared(verdicts: MetricVerdict[]): Compared {
  return Object.fromEntries(
    verdicts.map(({ name, before, after, points }) => [name, { before, after, points }]),
  );
}
