import type { LagReading } from '../model/deployment.ts';
import { isAurora, type Replication } from '../model/engine.ts';
import { type NotYet, notYet } from '../model/not-yet.ts';

/** Which CloudWatch metric shows how far green is behind, and on which side it is measured. Namespace AWS/RDS. */
export interface LagMetric {
  metric: 'OldestReplicationSlotLag' | 'ReplicaLag' | 'AuroraBinlogReplicaLag';
  unit: LagReading['unit'];
  /** Dimension `DBInstanceIdentifier`: the writer of this side. */
  side: 'blue' | 'green';
}

/** RDS publishes a point a minute. */
export const lagPeriodSeconds = 60;

/** So many points in a row must be under the limit. */
export const lagPointsNeeded = 3;

/**
 * The lag metric of an engine. Source: RDS User Guide "Amazon CloudWatch metrics for Amazon RDS", Aurora User Guide
 * "Instance-level metrics". `ReplicaLag` of RDS for PostgreSQL also grows by itself, up to some minutes, while blue has
 * nothing to write.
 */
export function lagMetric(engine: string, replication: Replication): LagMetric {
  if (replication === 'logical') {
    return { metric: 'OldestReplicationSlotLag', unit: 'Bytes', side: 'blue' };
  }
  return isAurora(engine)
    ? { metric: 'AuroraBinlogReplicaLag', unit: 'Seconds', side: 'green' }
    : { metric: 'ReplicaLag', unit: 'Seconds', side: 'green' };
}

/**
 * Whether green has caught up: the newest three points are fresh, follow each other without a gap, and none is over the
 * limit. RDS writes -1 where it does not know, and nothing where replication does not run: neither is a good reading.
 */
export function judgeLag(
  reading: LagReading,
  limits: { maxSeconds: number; maxMiB: number },
  now: number,
): { kind: 'ready'; facts: LagReading } | NotYet {
  const period = lagPeriodSeconds * 1000;
  const points = reading.points.toSorted((a, b) => b.at - a.at).slice(0, lagPointsNeeded);
  const [newest] = points;
  if (!newest || points.length < lagPointsNeeded) {
    return notYet(
      `${reading.metric} has ${points.length} points, and ${lagPointsNeeded} in a row are needed to believe it`,
      noPoints,
    );
  }
  if (!(now - newest.at <= 3 * period)) {
    return notYet(`the newest point of ${reading.metric} is older than ${3 * lagPeriodSeconds} s`, noPoints);
  }
  if (newest.at > now + period) {
    return notYet(
      `the newest point of ${reading.metric} lies in the future, so no point can be believed`,
      'ask AWS whether the clock of CloudWatch is right',
    );
  }
  if (points.some(({ at }, i) => i > 0 && !((points[i - 1]?.at ?? Number.NaN) - at <= 1.5 * period))) {
    return notYet(
      `points of ${reading.metric} are missing, so nothing is known of the time between`,
      noPoints,
    );
  }
  if (points.some(({ value }) => !(value >= 0))) {
    return notYet(
      `${reading.metric} says that the lag is not known: replication may have stopped`,
      'look at the log of green for the error at which replication stands',
    );
  }
  const limit = limitOf(reading, limits);
  const worst = Math.max(...points.map(({ value }) => value));
  return worst <= limit
    ? { kind: 'ready', facts: { ...reading, points } }
    : notYet(
        `green is ${showLag(worst, reading.unit)} behind, the limit is ${showLag(limit, reading.unit)} (${reading.metric}${reading.metric === 'ReplicaLag' ? '; on PostgreSQL it also grows while blue has nothing to write' : ''})`,
        'let blue write less, or wait for an hour of fewer writes; lag.maxSeconds and lag.maxMiB are the limit, and lag.withinMinutes is the time',
      );
}

/** In the unit of the reading. */
const limitOf = ({ unit }: LagReading, limits: { maxSeconds: number; maxMiB: number }): number =>
  unit === 'Bytes' ? limits.maxMiB * 1_048_576 : limits.maxSeconds;

/** Why rows on green are too old to be read, by the newest point; undefined where they are not, or nothing is known. */
export function findTooOld(
  reading: LagReading,
  limits: { maxSeconds: number; maxMiB: number },
): string | undefined {
  const [newest] = reading.points.toSorted((a, b) => b.at - a.at);
  const limit = limitOf(reading, limits);
  return newest && newest.value > limit
    ? `rows on green are ${showLag(newest.value, reading.unit)} behind, and readers were to see none more than ${showLag(limit, reading.unit)} behind`
    : undefined;
}

/** RDS publishes a point a minute as long as replication runs. */
const noPoints = 'look whether replication runs on green, and whether CloudWatch shows the metric at all';

function showLag(value: number, unit: LagReading['unit']): string {
  return unit === 'Bytes' ? `${(value / 1_048_576).toFixed(1)} MiB` : `${value} s`;
}
