import { describe, expect, it } from 'vitest';
import { describeReaders } from '../../../functions/domain/outcome/readers.ts';
import type { SideFound, StandingFacts } from '../../../functions/domain/outcome/standing-facts.ts';
import { type ReadsSeen, setsFor } from '../../../functions/domain/read-ramp/record.ts';

const record = { hostedZoneId: 'Z1', recordName: 'Readers.example.com.' };
const sideOf = (role: SideFound['role']): SideFound => ({
  role,
  isCluster: false,
  now: {
    id: role,
    arn: `arn:${role}`,
    resourceId: `db-${role}`,
    endpoint: `${role}.x`,
    deletionProtection: false,
  },
  readerHost: `${role}.x`,
});
const hosts = { blue: 'blue.x', green: 'green.x' };
const weighted = (percent: number): ReadsSeen => ({ kind: 'weighted', sets: setsFor(percent, hosts, 30) });
const told = (reads: StandingFacts['reads'], production: string) =>
  describeReaders({ sides: [sideOf('green'), sideOf('blue')], production, reads });

describe('where readers go at the end of a run', () => {
  it.each<[what: string, seen: ReadsSeen, production: string, lines: RegExp[]]>([
    ['all to blue', weighted(0), 'db-blue', [/leads 100 % of the readers to blue \(db-blue\), blue\.x$/]],
    [
      'to both',
      weighted(30),
      'db-blue',
      [/leads 30 % of the readers to green \(db-green\)/, /leads 70 % of the readers to blue/],
    ],
    [
      'to new production',
      { kind: 'weighted', sets: setsFor(0, { blue: 'green.x', green: 'green.x' }, 30) },
      'db-green',
      [/leads 100 % of the readers to new production \(db-green\)/],
    ],
    [
      'elsewhere',
      { kind: 'weighted', sets: setsFor(0, { blue: 'dr.example', green: 'dr.example' }, 30) },
      'db-blue',
      [/^LOOK NOW: .* 100 % of the readers to no side of this run[\s\S]*list-resource-record-sets/],
    ],
    [
      'by a simple record',
      { kind: 'other', what: 'a simple CNAME' },
      'db-blue',
      [/^LOOK NOW: readers\.example\.com is a simple CNAME/],
    ],
    ['by no record', null, 'db-blue', [/^LOOK NOW: readers\.example\.com is not there/]],
  ])('%s', (_what, seen, production, lines) => {
    const found = told({ record, seen: { value: seen } }, production);
    expect(found).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(found[index]).toMatch(line);
  });

  it('is said to be unread where it could not be read', () => {
    expect(told({ record, seen: { unreadable: 'AccessDenied' } }, 'db-blue')).toEqual([
      expect.stringMatching(/^NOT READ: .*AccessDenied/),
    ]);
  });

  it('is not told where the request names no record', () => {
    expect(describeReaders({ sides: [sideOf('blue')], production: 'db-blue' })).toEqual([]);
  });
});
