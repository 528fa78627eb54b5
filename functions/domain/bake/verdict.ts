import type { Request } from '../request/request.ts';
import { type AlarmReading, judgeAlarms } from './alarms.ts';
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
  | { kind: 'not-yet'; because: string };

/**
 * What the bake says of new production. A firing alarm and a sick metric fail it at once. It passes at its end, when every alarm is
 * fine and every metric was there and healthy. Anything else is not yet decided, and undecided when nothing more can come.
 */
export function judgeBake({ bake, alarms, baseline, metrics, time, isLast }: BakeFacts): BakeVerdict {
  const alarm = judgeAlarms(bake.alarms, alarms);
  const verdicts = comparedMetrics(bake).map((metric) =>
    judgeMetric(
      metric,
      baseline,
      metrics.find(({ name }) => name === metric.name),
      time,
    ),
  );
  const sick = verdicts.filter(({ kind }) => kind === 'sick').map(({ because }) => because);
  if (alarm.kind === 'no' || sick.length > 0)
    return { kind: 'fail', because: [...(alarm.kind === 'no' ? [alarm.because] : []), ...sick].join('; ') };
  // Not a comparison that an unreadable time (NaN) would pass.
  if (!(time.now >= time.until)) return { kind: 'not-yet', because: stillBaking(time.until, alarm) };
  const unclear = verdicts.filter(({ kind }) => kind === 'unclear');
  const compared = asCompared(verdicts);
  if (alarm.kind === 'ready' && unclear.length === 0) return { kind: 'pass', compared };
  const because = [
    ...(alarm.kind === 'not-yet' ? [alarm.because] : []),
    ...unclear.map((verdict) => verdict.because),
  ].join('; ');
  const mayChange = alarm.kind === 'not-yet' || unclear.some((verdict) => verdict.mayChange);
  return isLast || !mayChange ? { kind: 'undecided', because, compared } : { kind: 'not-yet', because };
}

function stillBaking(until: number, alarm: ReturnType<typeof judgeAlarms>): string {
  const end = Number.isFinite(until) ? new Date(until).toISOString() : 'an unreadable time';
  return `baking until ${end}${alarm.kind === 'not-yet' ? `; ${alarm.because}` : ''}`;
}

function asCompared(verdicts: MetricVerdict[]): Compared {
  return Object.fromEntries(
    verdicts.map(({ name, before, after, points }) => [name, { before, after, points }]),
  );
}
