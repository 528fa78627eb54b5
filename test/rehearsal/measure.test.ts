import { describe, expect, it } from 'vitest';
import { dividePeriods, measureGaps, measureHold } from '../../rehearsal/measure.ts';
import type { Visit } from '../../rehearsal/progress.ts';
import type { WorkloadResult, Write } from '../../rehearsal/workload/workload.ts';

/** Visits one after the other, each as long as it says, from 0 on. */
function visitsOf(machine: string, ...stays: [name: string, ms: number][]): Visit[] {
  let at = 0;
  return stays.map(([name, ms]) => {
    const enteredAt = at;
    at += ms;
    return { name, machine, enteredAt, exitedAt: at };
  });
}

const run = (...stays: [string, number][]) => visitsOf('blue-green-deployment', ...stays);

describe('how long writes were held', () => {
  it('counts from answer to answer, and gives each state its share, ticks together', () => {
    const visits = run(
      ['Final check', 50],
      ['Stop writes', 10],
      ['Did writes stop?', 0],
      ['Start switchover', 5],
      ['Wait for switchover', 30],
      ['Is there still time for the switchover?', 0],
      ['Wait for switchover', 20],
      ['Resume writes', 7],
      ['Bake', 100],
    );
    expect(measureHold(visits, 'blue-green-deployment')).toEqual({
      from: 'Stop writes',
      to: 'Resume writes',
      ms: 62,
      states: [
        { name: 'Start switchover', ms: 5 },
        { name: 'Wait for switchover', ms: 50 },
        { name: 'Resume writes', ms: 7 },
      ],
    });
    expect(measureHold(visits, 'roll-back')).toBeNull();
  });

  it('takes the role gate where no hook ran, and nothing where writes were not released', () => {
    const held = run(['Hold application writes', 1], ['Start switchover', 2]);
    expect(measureHold(held, 'blue-green-deployment')).toBeNull();
    const released = run(
      ['Hold application writes', 1],
      ['Start switchover', 2],
      ['Release application writes', 3],
    );
    expect(measureHold(released, 'blue-green-deployment')).toMatchObject({ ms: 5 });
  });
});

describe('rows by the side that took them', () => {
  const writes: Write[] = [10, 20, 30, 90, 100, 190, 200].map((at, index) => ({
    writer: 1,
    n: index + 1,
    at,
    askedAt: at,
    server: null,
  }));
  const found = (missing: number[], doubled: number[]) => {
    const counts = new Map(
      writes.map(({ writer, n }) => [
        `${writer}/${n}`,
        missing.includes(n) ? 0 : doubled.includes(n) ? 2 : 1,
      ]),
    );
    return { orders: counts, entries: counts };
  };
  const visits: Visit[] = [
    { name: 'Start switchover', machine: 'blue-green-deployment', enteredAt: 35, exitedAt: 40 },
    { name: 'Find production side', machine: 'blue-green-deployment', enteredAt: 60, exitedAt: 70 },
    { name: 'Fence new production', machine: 'roll-back', enteredAt: 110, exitedAt: 120 },
    { name: 'Open blue for writes', machine: 'roll-back', enteredAt: 150, exitedAt: 160 },
  ];
  const gaps = measureGaps({ writes } as WorkloadResult, visits);

  it('are divided by the gaps of the cut and of going back', () => {
    expect(gaps).toEqual({ cut: { ms: 60, from: 30 }, back: { ms: 90, from: 100 } });
    expect(dividePeriods(found([], []), writes, gaps)).toEqual([
      { name: 'in blue’s time', acknowledged: 3, lost: 0, doubled: 0 },
      { name: 'in new production’s time', acknowledged: 2, lost: 0, doubled: 0 },
      { name: 'after going back', acknowledged: 2, lost: 0, doubled: 0 },
    ]);
  });

  it('tell in whose time a row was lost or doubled', () => {
    expect(dividePeriods(found([4], [7]), writes, gaps).map(({ lost, doubled }) => [lost, doubled])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it('are of one side where nothing was cut', () => {
    expect(dividePeriods(found([], []), writes, { cut: null, back: null })).toHaveLength(1);
  });
});
