import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLag, lagMetric } from '../../../functions/domain/hold/lag.ts';
import { saturday } from '../sample.ts';

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

describe('has green caught up?', () => {
  it.each([
    ['ready', 'three good points', reading([0, 1, 2])],
    ['ready', 'exactly the limit', reading([10, 10, 10])],
    ['ready', 'an older bad point', reading([1, 1, 1, 99])],
    ['ready', 'exactly the limit in bytes', reading([16_777_216, 0, 0], 0, 'Bytes')],
    ['not-yet', 'no point at all', reading([])],
    ['not-yet', 'two points', reading([0, 0])],
    ['not-yet', 'one over the limit', reading([0, 11, 0])],
    ['not-yet', 'a byte too many', reading([16_777_217, 0, 0], 0, 'Bytes')],
    ['not-yet', 'RDS does not know (-1)', reading([0, 0, -1])],
    ['not-yet', 'not a number', reading([0, Number.NaN, 0])],
    ['not-yet', 'old points', reading([0, 0, 0], 3 * minute + 1)],
    ['not-yet', 'points of the future', reading([0, 0, 0], -2 * minute)],
    [
      'not-yet',
      'no time',
      { ...reading([0, 0, 0]), points: [0, 0, 0].map((value) => ({ at: Number.NaN, value })) },
    ],
    [
      'not-yet',
      'a gap',
      { ...reading([0, 0, 0]), points: [0, 1, 3].map((ago) => ({ at: saturday - ago * minute, value: 0 })) },
    ],
  ] as const)('%s: %s', (kind, _when, points) => {
    expect(judgeLag(points, limits, saturday).kind).toBe(kind);
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
