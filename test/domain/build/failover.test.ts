import { describe, expect, it } from 'vitest';
import {
  describeFailover,
  type FailoverTest,
  flowsSince,
  hasMoved,
  placeOfWriter,
  planFailover,
} from '../../../functions/domain/build/failover.ts';
import type { Member, Side } from '../../../functions/domain/model/deployment.ts';

const member = (id: string, role: Member['role'], more: Partial<Member> = {}): Member =>
  ({ id, role, status: 'available', multiAz: false, zone: 'eu-west-1a', ...more }) as Member;
const side = (members: Member[], status = 'available'): Side => ({ id: 'green', status, members }) as Side;
const cluster = (status?: string) => side([member('g-1', 'writer'), member('g-2', 'reader')], status);
const standby = (more: Partial<Member> = {}) => side([member('green', 'writer', { multiAz: true, ...more })]);

describe('the next step of the test', () => {
  it.each<[what: string, ...Parameters<typeof planFailover>, kind: string]>([
    ['a cluster', 'cluster', cluster(), { from: 'g-1', back: null }, 'failover'],
    ['an instance with a standby', 'instance', standby(), { from: 'eu-west-1a', back: null }, 'reboot'],
    ['a cluster alone', 'cluster', side([member('g-1', 'writer')]), { from: 'g-1', back: null }, 'untested'],
    ['no standby', 'instance', standby({ multiAz: false }), { from: 'eu-west-1a', back: null }, 'untested'],
    ['no writer', 'cluster', side([member('g-1', 'reader')]), { from: '', back: null }, 'untested'],
    ['no zone', 'instance', standby(), { from: '', back: null }, 'untested'],
    ['another writer', 'cluster', cluster(), { from: 'g-2', back: null }, 'already'],
    ['another zone', 'instance', standby(), { from: 'eu-west-1b', back: null }, 'already'],
    ['failing over', 'cluster', cluster('failing-over'), { from: 'g-1', back: null }, 'already'],
    [
      'rebooting',
      'instance',
      standby({ status: 'rebooting' }),
      { from: 'eu-west-1a', back: null },
      'already',
    ],
  ])('of %s', (_, kind, green, way, expected) => {
    expect(planFailover(kind, green, way).kind).toBe(expected);
  });

  it.each<[what: string, kind: 'cluster' | 'instance', green: Side, place: string]>([
    ['the writer of a cluster', 'cluster', side([member('g-2', 'reader'), member('g-1', 'writer')]), 'g-1'],
    [
      'the zone of an instance',
      'instance',
      side([member('r', 'reader', { zone: 'eu-west-1c' }), member('g', 'writer')]),
      'eu-west-1a',
    ],
    ['nothing of a cluster without a writer', 'cluster', side([member('g-1', 'reader')]), ''],
    ['nothing of an instance that is not listed', 'instance', side([]), ''],
    [
      'nothing of an instance whose zone is not known',
      'instance',
      { ...side([]), members: [{ role: 'writer' } as Member] },
      '',
    ],
  ])('begins at %s', (_, kind, green, place) => {
    expect(placeOfWriter(kind, green)).toBe(place);
  });

  it.each<[what: string, ...Parameters<typeof planFailover>, step: object]>([
    [
      'no writer',
      'cluster',
      side([member('g-1', 'reader')]),
      { from: 'g-1', back: null },
      { kind: 'untested', because: 'RDS names no writer of green' },
    ],
    [
      'no reader',
      'cluster',
      side([member('g-1', 'writer')]),
      { from: 'g-1', back: null },
      { kind: 'untested', because: 'green has no reader that could become its writer' },
    ],
    [
      'no standby',
      'instance',
      standby({ multiAz: false }),
      { from: 'eu-west-1a', back: null },
      { kind: 'untested', because: 'green has no standby (Multi-AZ)' },
    ],
    [
      'no zone',
      'instance',
      standby(),
      { from: '', back: null },
      { kind: 'untested', because: 'RDS does not say where green runs' },
    ],
    [
      'an instance alone with its standby',
      'instance',
      standby(),
      { from: 'eu-west-1a', back: null },
      { kind: 'reboot', instance: 'green' },
    ],
    [
      'a cluster whose writer has no standby',
      'cluster',
      cluster(),
      { from: 'g-1', back: null },
      { kind: 'failover', cluster: 'green', to: null },
    ],
  ])('says of %s', (_, kind, green, way, step) => {
    expect(planFailover(kind, green, way)).toEqual(step);
  });

  it('names the first writer when a cluster is led back', () => {
    expect(planFailover('cluster', cluster(), { from: 'g-1', back: 'g-2' })).toEqual({
      kind: 'failover',
      cluster: 'green',
      to: 'g-2',
    });
  });
});

describe('whether another one serves', () => {
  const told = (...categories: string[]) => categories.map((one) => ({ categories: [one] }));
  it.each([
    ['the same writer', cluster(), 'cluster', 'g-1', told(), false],
    ['another writer', cluster(), 'cluster', 'g-2', told(), true],
    ['the same zone', standby(), 'instance', 'eu-west-1a', told('availability', 'availability'), false],
    ['one event, of its beginning', standby(), 'instance', 'eu-west-1a', told('failover'), false],
    [
      'two events, and the zone late',
      standby(),
      'instance',
      'eu-west-1a',
      told('failover', 'failover'),
      true,
    ],
  ] as const)('%s', (_, green, kind, from, events, expected) => {
    expect(hasMoved(kind, green, { from }, events)).toBe(expected);
  });
});

describe('whether replication flows again', () => {
  const minute = 60_000;
  const limits = { maxSeconds: 10, maxMiB: 16 };
  const read = (points: [minutes: number, value: number][]) => ({
    metric: 'ReplicaLag',
    unit: 'Seconds' as const,
    points: points.map(([minutes, value]) => ({ at: minutes * minute, value })),
  });
  it.each<[what: string, points: [number, number][], first: number | undefined]>([
    [
      'two within the limit',
      [
        [12, 1],
        [11, 3],
      ],
      11,
    ],
    [
      'far behind, and falling',
      [
        [12, 800],
        [11, 900],
      ],
      11,
    ],
    [
      'far behind, and no farther',
      [
        [12, 900],
        [11, 900],
      ],
      11,
    ],
    [
      'far behind, and growing',
      [
        [12, 900],
        [11, 800],
      ],
      undefined,
    ],
    ['one', [[12, 1]], undefined],
    ['none', [], undefined],
    [
      'not known',
      [
        [12, 1],
        [11, -1],
      ],
      undefined,
    ],
    [
      'a minute missing',
      [
        [13, 1],
        [11, 1],
      ],
      undefined,
    ],
    [
      'those before it answered',
      [
        [10, 1],
        [9, 1],
      ],
      undefined,
    ],
    [
      'one before it answered',
      [
        [11, 1],
        [10, 1],
      ],
      undefined,
    ],
    [
      'two at zero, whatever their order',
      [
        [11, 0],
        [12, 0],
      ],
      11,
    ],
    [
      'the two newest of several',
      [
        [11, 800],
        [13, 900],
        [12, 950],
      ],
      12,
    ],
    [
      'two that are a minute and a half apart',
      [
        [12.5, 1],
        [11, 1],
      ],
      11,
    ],
    [
      'just at the limit, and growing',
      [
        [12, 10],
        [11, 9],
      ],
      11,
    ],
  ])('%s', (_, points, first) => {
    expect(flowsSince(read(points), limits, 10 * minute)).toBe(first && first * minute);
  });

  it.each([
    ['within its limit of 16 MiB', 16 * 2 ** 20, 11],
    ['beyond it', 16 * 2 ** 20 + 1, undefined],
  ])('a lag in bytes that grows, %s', (_, bytes, first) => {
    const growing = {
      ...read([
        [12, bytes],
        [11, 9],
      ]),
      unit: 'Bytes' as const,
    };
    expect(flowsSince(growing, limits, 10 * minute)).toBe(first && first * minute);
  });
});

describe('what the approvers are told', () => {
  const done: FailoverTest = {
    ...{ untested: null, from: 'g-1', to: 'g-2', startedAt: 0, leg: 'there' },
    ...{ answersAfter: 41.4, flowsAfter: 95 },
  };
  const asked = { tests: { failover: true } };
  it.each<[test: FailoverTest | undefined, tests: { failover?: boolean }, text: string]>([
    [undefined, { failover: false }, 'not tested: the request turns it off (tests.failover)'],
    [undefined, asked.tests, 'not tested: green has no standby (Multi-AZ) and no reader'],
    [done, asked.tests, 'green answered again after 41 s and replication flowed again after 95 s'],
    [
      { ...done, leg: 'back', there: { answersAfter: 30, flowsAfter: 90 } },
      asked.tests,
      'green answered again after 30 s and replication flowed again after 90 s; led back to its first writer, green answered again after 41 s and replication flowed again after 95 s',
    ],
    [
      { ...done, flowsAfter: null },
      asked.tests,
      'green answered again after 41 s and replication flowed again after an unknown time',
    ],
    [{ ...done, answersAfter: null, untested: 'RDS refuses' }, asked.tests, 'not tested: RDS refuses'],
    [
      { ...done, untested: 'RDS refuses' },
      asked.tests,
      'green answered again after 41 s and replication flowed again after 95 s; it was not led back to its first writer: RDS refuses',
    ],
  ])('%#', (test, tests, text) => {
    expect(describeFailover(test, { tests })).toBe(text);
  });
});
