import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTooOld, judgeLag, lagMetric } from '../../../functions/domain/hold/lag.ts';
import { saturday } from '../sample.ts';
import { seenOf } from '../seen.ts';

const limits = { maxSeconds: 10, maxMiB: 16 };
const minute = 60_000;

/** Points a minute apart, newest first; the newest is `age` milliseconds old. */
function reading(values: number[], age = 30_000, unit: 'Seconds' | 'Bytes' = 'Seconds') {
  const points = values.map((value, index) => ({ at: saturday - age - index * minute, value }));
  return { metric: unit === 'Bytes' ? 'OldestReplicationSlotLag' : 'ReplicaLag', unit, points };
}

describe('which metric tells the lag', () => {
  it.each([
    ['postgres', 'physical', 'ReplicaLag', 'Seconds', 'green'],
    ['postgres', 'logical', 'OldestReplicationSlotLag', 'Bytes', 'blue'],
    ['aurora-postgresql', 'logical', 'OldestReplicationSlotLag', 'Bytes', 'blue'],
    ['mysql', 'binlog', 'ReplicaLag', 'Seconds', 'green'],
    ['mariadb', 'binlog', 'ReplicaLag', 'Seconds', 'green'],
    ['aurora-mysql', 'binlog', 'AuroraBinlogReplicaLag', 'Seconds', 'green'],
  ] as const)('%s, %s', (engine, replication, metric, unit, side) => {
    expect(lagMetric(engine, replication)).toEqual({ metric, unit, side });
  });
});

const spaced = (...minutesAgo: number[]) => ({
  ...reading([]),
  points: minutesAgo.map((ago) => ({ at: saturday - ago * minute, value: 0 })),
});

describe('has green caught up?', () => {
  it.each([
    ['three good points', reading([0, 1, 2])],
    ['exactly the limit', reading([10, 10, 10])],
    ['an older bad point', reading([1, 1, 1, 99])],
    ['exactly the limit in bytes', reading([16_777_216, 0, 0], 0, 'Bytes')],
    ['a newest point that is just young enough', reading([0, 0, 0], 3 * minute)],
    ['a clock of CloudWatch that is a minute fast', reading([0, 0, 0], -minute)],
    ['a point that came half a minute late', spaced(0, 1.5, 2.5)],
  ])('yes: %s', (_when, seen) => {
    const points = seen.points.slice(0, 3);
    expect(judgeLag(seen, limits, saturday)).toEqual({ kind: 'ready', facts: { ...seen, points } });
  });

  it.each([
    ['no point at all', reading([]), /^ReplicaLag has 0 points, and 3 in a row are needed/],
    ['two points', reading([0, 0]), /^ReplicaLag has 2 points/],
    [
      'one over the limit',
      reading([0, 11, 0]),
      /^green is 11 s behind, the limit is 10 s \(ReplicaLag; on PostgreSQL it also grows while blue has/,
    ],
    [
      'twice the limit in bytes',
      reading([33_554_432, 0, 0], 0, 'Bytes'),
      /^green is 32.0 MiB behind, the limit is 16.0 MiB \(OldestReplicationSlotLag\)$/,
    ],
    ['a byte too many', reading([16_777_217, 0, 0], 0, 'Bytes'), /behind, the limit is/],
    ['RDS does not know (-1)', reading([0, 0, -1]), /^ReplicaLag says that the lag is not known/],
    ['not a number', reading([0, Number.NaN, 0]), /the lag is not known/],
    ['old points', reading([0, 0, 0], 3 * minute + 1), /newest point of ReplicaLag is older than 180 s/],
    [
      'points of the future',
      reading([0, 0, 0], -minute - 1),
      /newest point of ReplicaLag lies in the future/,
    ],
    ['no time', spaced(Number.NaN, Number.NaN, Number.NaN), /older than/],
    ['a gap', spaced(0, 1, 3), /^points of ReplicaLag are missing/],
    ['a gap at the newest point', spaced(0, 1.6, 2), /^points of ReplicaLag are missing/],
  ])('not yet: %s', (_when, points, because) => {
    const verdict = judgeLag(points, limits, saturday);
    if (verdict.kind === 'ready') throw new Error('no lag may pass that is not known');
    expect(seenOf(verdict)).toMatch(because);
    expect(verdict.because).not.toBe(seenOf(verdict));
  });

  it('does not depend on the order in which CloudWatch lists the points', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const sorted = reading([1, 2, 3, 40, 50]);
        const points = order.map((index) => sorted.points[index] as { at: number; value: number });
        expect(judgeLag({ ...sorted, points }, limits, saturday)).toEqual(judgeLag(sorted, limits, saturday));
      }),
    );
  });
});

describe('rows on green are too old for readers', () => {
  const limits = { maxSeconds: 10, maxMiB: 16 };
  const points = [
    { at: 1_000, value: 99 },
    { at: 3_000, value: 11 },
    { at: 2_000, value: 5 },
  ];
  it.each<[what: string, unit: 'Seconds' | 'Bytes', read: typeof points, old: boolean]>([
    ['by the newest point', 'Seconds', points, true],
    ['not at the limit', 'Seconds', [{ at: 1, value: 10 }], false],
    ['not where nothing is known', 'Seconds', [], false],
    ['not by bytes within 16 MiB', 'Bytes', [{ at: 1, value: 16 * 2 ** 20 }], false],
    ['by bytes beyond', 'Bytes', [{ at: 1, value: 16 * 2 ** 20 + 1 }], true],
  ])('%s', (_, unit, read, old) => {
    const found = findTooOld({ metric: 'ReplicaLag', unit, points: read }, limits);
    expect(found !== undefined).toBe(old);
    if (unit === 'Seconds' && old)
      expect(found).toMatch(/^rows on green are 11 s behind, .* more than 10 s behind$/);
  });
});
