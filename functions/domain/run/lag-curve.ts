import { lagPeriodSeconds } from '../hold/lag.ts';
import type { Deployment } from '../model/deployment.ts';
import type { RunFacts } from './facts.ts';

/** What a curve of the lag is read for. */
export interface CurveSpan {
  deployment: Deployment;
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
  periodSeconds: number;
}

/** A curve, as it was measured. */
export interface LagCurve extends Pick<CurveSpan, 'since' | 'until' | 'periodSeconds'> {
  metric: string;
  unit: 'Seconds' | 'Bytes';
  /** The highest of each period, oldest first. A period without data has no point. */
  points: { at: number; value: number }[];
}

/** A curve has no more points than a page shows apart. */
const mostPoints = 240;

const day = 86_400_000;

/** How long CloudWatch keeps points of a period (CloudWatch User Guide, "Metrics retention"). */
const kept = [
  { periodSeconds: 60, for: 15 * day },
  { periodSeconds: 300, for: 63 * day },
  { periodSeconds: 3_600, for: 455 * day },
];

/**
 * From when to when green follows blue, as far as the run knows it: from the first look that found it ready to the switchover, the end or
 * now. Undefined where there was no green.
 * @param now milliseconds since the epoch
 */
export function spanOfLag(
  { answered, beforeCut, deployment, endedAt }: RunFacts,
  now: number,
): CurveSpan | undefined {
  const known = beforeCut ?? deployment;
  const since = answered.get('Wait for green');
  if (since === undefined || !isWhole(known)) return undefined;
  const ends = [
    answered.get('Start switchover'),
    answered.get('Wait for removal'),
    endedAt === null ? now : Date.parse(endedAt),
  ];
  const until = ends.find((end) => end !== undefined && end > since) ?? now;
  return { deployment: known, since, until, periodSeconds: periodFor(since, until, now) };
}

const isWhole = (one: Partial<Deployment>): one is Deployment =>
  one.database !== undefined &&
  one.blue !== undefined &&
  one.green !== undefined &&
  one.replication !== undefined;

/** The shortest period that is kept long enough and makes not too many points. */
function periodFor(since: number, until: number, now: number): number {
  const finest = kept.find((one) => now - since < one.for)?.periodSeconds ?? 3_600;
  const wanted = (until - since) / 1_000 / mostPoints;
  return Math.max(finest, Math.ceil(wanted / finest) * finest, lagPeriodSeconds);
}

/** How far green may be behind for the cut, as the request says, in the unit of a curve; undefined where it does not say so. */
export function lagLimit({ request }: Pick<RunFacts, 'request'>, unit: LagCurve['unit']): number | undefined {
  const { maxSeconds, maxMiB } = (request.lag ?? {}) as { maxSeconds?: unknown; maxMiB?: unknown };
  const limit = unit === 'Seconds' ? maxSeconds : maxMiB;
  return typeof limit === 'number' ? limit * (unit === 'Seconds' ? 1 : 1_048_576) : undefined;
}

/** A value of the lag, as people say it. */
export function showLagValue(value: number, unit: LagCurve['unit']): string {
  return unit === 'Seconds' ? `${Math.round(value)} s` : `${(value / 1_048_576).toFixed(1)} MiB`;
}
