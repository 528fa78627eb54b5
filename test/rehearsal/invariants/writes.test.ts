import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { Acknowledgement, Evidence } from '../../../rehearsal/invariants/evidence.ts';
import { writes } from '../../../rehearsal/invariants/writes.ts';

const entered = (name: string): HistoryEvent =>
  ({ timestamp: new Date(500), stateEnteredEventDetails: { name } }) as HistoryEvent;

/** A run that has cut over, and perhaps gone back; production is blue at first. */
function evidenceOf(more: Partial<Evidence>, wentBack = false): Evidence {
  return {
    blue: 'blue',
    writability: [],
    history: [],
    goingsBack: wentBack ? [[entered('Fence new production'), entered('Open blue for writes')]] : [],
    mutations: [{ operation: 'SwitchoverBlueGreenDeployment', at: 100, input: {} }],
    rows: undefined,
    ...more,
  } as unknown as Evidence;
}

/** `blue 10-20`: blue took a write that was asked for at 10 and confirmed at 20. */
function read(text: string): Acknowledgement[] {
  return text
    .split(', ')
    .filter(Boolean)
    .map((write) => {
      const [server = '', span = ''] = write.split(' ');
      const [askedAt, at] = span.split('-').map(Number);
      return { server: server === '?' ? null : server, askedAt: askedAt ?? 0, at: at ?? 0 };
    });
}

describe('I1, by the writes that clients had confirmed', () => {
  it.each<[string, string, boolean, number]>([
    ['blue alone', 'blue 10-20, blue 30-40', false, 0],
    ['blue, then green', 'blue 10-20, green 30-40, green 50-60', false, 0],
    ['blue, green, and blue again after going back', 'blue 10-20, green 30-40, blue 50-60', true, 0],
    ['confirmations that overlap prove nothing', 'blue 10-40, green 30-45, blue 35-50', false, 0],
    ['an unknown server proves nothing', 'blue 10-20, green 30-40, ? 50-60', false, 0],
    ['old blue takes a write after green has', 'blue 10-20, green 30-40, blue 50-60', false, 1],
    ['the same, told in another order', 'blue 50-60, green 30-40, blue 10-20', false, 1],
    ['both take turns while green serves', 'green 30-40, blue 41-42, green 43-44, blue 50-60', true, 1],
    [
      'new production takes a write after going back',
      'green 30-40, blue 50-60, green 61-62, blue 63-64',
      true,
      1,
    ],
    ['green takes writes before the cut', 'green 1-2, blue 10-20, green 30-40', false, 1],
  ])('%s', (_what, text, wentBack, broken) => {
    const finding = writes.I1?.(evidenceOf({ acknowledgements: read(text) }, wentBack));
    expect(finding?.broken.length).toBe(broken);
  });

  it('names the database that took the write too many', () => {
    const acknowledgements = read('blue 10-20, green 30-40, blue 50-60');
    expect(writes.I1?.(evidenceOf({ acknowledgements }))?.broken).toEqual([
      expect.stringMatching(/moved 1 times.* 2 times, the last to blue at /),
    ]);
  });

  it('counts no cut that was not accepted', () => {
    const acknowledgements = read('blue 10-20, green 30-40');
    expect(writes.I1?.(evidenceOf({ acknowledgements, mutations: [] }))?.broken.length).toBe(1);
  });
});

describe('I3', () => {
  it('holds when every row is there, whatever kind of client wrote it', () => {
    const rows = { acknowledged: 2, lost: 0, doubled: 0, kinds: [{ kind: 'plain', lost: 0 }] };
    expect(writes.I3?.(evidenceOf({ rows }))?.broken).toEqual([]);
  });

  it('names the kinds that lost rows', () => {
    const kinds = [
      { kind: 'plain', lost: 0 },
      { kind: 'two-phase commit', lost: 3 },
    ];
    const rows = { acknowledged: 9, lost: 3, doubled: 1, kinds };
    expect(writes.I3?.(evidenceOf({ rows }))?.broken).toEqual([
      '3 lost (3 of two-phase commit)',
      '1 doubled',
    ]);
  });
});
