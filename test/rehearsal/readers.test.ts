import { describe, expect, it } from 'vitest';
import type { Visit } from '../../rehearsal/progress.ts';
import { areReadsWell, divideReads } from '../../rehearsal/readers.ts';

const machine = 'blue-green-deployment';
const visits: Visit[] = [
  'Wait for green',
  'Lead reads to green',
  'Watch the reads',
  'Lead reads to green',
  'Lead reads back',
  'Start switchover',
  'Verify production',
].map((name, at) => ({ name, machine, enteredAt: 10 * at, exitedAt: null }));

const read = (at: number, server: string | null, ageMs = 5) => ({ at, server, ageMs: server ? ageMs : null });

describe('the reads of a rehearsal', () => {
  const reads = [
    read(5, 'blue'),
    read(12, 'blue'),
    read(25, 'green', 40),
    read(28, 'green', 7),
    read(35, 'green'),
    read(41, 'blue'),
    read(52, null),
    read(65, 'green'),
  ];

  it('are told by step, on the way back, in the cut and after it', () => {
    expect(
      divideReads(reads, visits, 'blue').map(({ period, byBlue, byGreen, errors, oldestOnGreenMs }) =>
        [period, byBlue, byGreen, errors, oldestOnGreenMs].join(' '),
      ),
    ).toEqual([
      'before 1 0 0 ',
      'step 1 1 2 0 40',
      'step 2 0 1 0 5',
      'back on blue 1 0 0 ',
      'the cut 0 0 1 ',
      'after the cut 0 1 0 5',
    ]);
  });

  it('are told of going back apart from the rest', () => {
    const back = (['Fence new production', 'Open blue for writes', 'Put back what was dropped'] as const).map(
      (name, at) => ({ name, machine: 'roll-back', enteredAt: 70 + 10 * at, exitedAt: null }),
    );
    const all = [...reads, read(75, null), read(95, 'blue')];
    const periods = divideReads(all, [...visits, ...back], 'blue');
    expect(periods.slice(-2)).toMatchObject([
      { period: 'going back', errors: 1 },
      { period: 'after going back', byBlue: 1 },
    ]);
    expect(areReadsWell(periods)).toBe(true);
    const failed = divideReads([...all, read(96, null)], [...visits, ...back], 'blue');
    expect(areReadsWell(failed)).toBe(false);
  });

  it('are well when green has answered, and nothing failed but sessions that the cut closed', () => {
    expect(areReadsWell(divideReads(reads, visits, 'blue'))).toBe(true);
    expect(areReadsWell(null)).toBe(true);
  });

  it.each([
    ['a read failed at a step', [...reads, read(26, null)]],
    ['a read failed on the way back', [...reads, read(42, null)]],
    ['green has answered nobody', reads.filter(({ server }) => server !== 'green')],
  ])('are not when %s', (_what, seen) => {
    expect(areReadsWell(divideReads(seen, visits, 'blue'))).toBe(false);
  });
});
