import { describe, expect, it } from 'vitest';
import {
  findStranger,
  leadAllCommand,
  type ReadsSeen,
  readsRecordOf,
  setsFor,
  shareOf,
  ttlOf,
} from '../../../functions/domain/read-ramp/record.ts';

const hosts = { blue: 'ledger.cluster-ro-x.example', green: 'ledger-green-abc.cluster-ro-x.example' };
const at = (percent: number): ReadsSeen => ({ kind: 'weighted', sets: setsFor(percent, hosts, 30) });

describe('the record of the readers', () => {
  it.each([0, 10, 50, 100])('leads %i of a hundred to green, and all others to blue', (percent) => {
    expect(shareOf(at(percent), hosts.green)).toBe(percent);
    expect(shareOf(at(percent), hosts.blue)).toBe(100 - percent);
  });

  it('leads nobody to a name of green at rest, whatever becomes of the weights', () => {
    expect(setsFor(0, hosts, 30).map(({ target }) => target)).toEqual([hosts.blue, hosts.blue]);
  });

  it('is answered evenly where every weight is 0, as Route 53 does it', () => {
    const sets = setsFor(50, hosts, 30).map((set) => ({ ...set, weight: 0 }));
    expect(shareOf({ kind: 'weighted', sets }, hosts.green)).toBe(50);
  });

  it.each<[what: string, seen: ReadsSeen]>([
    ['there is no record', null],
    ['it is a simple one', { kind: 'other', what: 'a simple CNAME' }],
  ])('leads nobody to green where %s', (_what, seen) => {
    expect(shareOf(seen, hosts.green)).toBe(0);
    expect(findStranger('readers.example', seen, hosts)).toContain('readers.example');
  });

  it('leads nobody to a green that has no address', () => {
    expect(shareOf(at(50), '')).toBe(0);
  });

  it.each([
    ['its own steps', at(20), undefined],
    ['its own rest', at(0), undefined],
    [
      'another target',
      { kind: 'weighted' as const, sets: setsFor(20, { ...hosts, green: 'dr.example.org' }, 30) },
      'readers.example has a record "viridian-green" that leads to dr.example.org',
    ],
    [
      'another record',
      {
        kind: 'weighted' as const,
        sets: setsFor(20, hosts, 30).map((set) => ({ ...set, identifier: 'canary' })),
      },
      'readers.example has a record "canary" that leads to ledger.cluster-ro-x.example',
    ],
    [
      'no record of production',
      { kind: 'weighted' as const, sets: setsFor(20, hosts, 30).slice(1) },
      'readers.example has no record "viridian-production" any more',
    ],
  ])('knows %s', (_what, seen, stranger) => {
    expect(findStranger('readers.example', seen, hosts)).toBe(stranger);
  });

  it('is led to production by one command, of one line', () => {
    const command = leadAllCommand({ hostedZoneId: 'Z1ABC', recordName: 'Readers.example.' }, hosts.blue, 30);
    const batch = JSON.parse(/--change-batch '(.*)'$/.exec(command)?.[1] ?? '') as { Changes: object[] };
    expect(batch.Changes).toMatchObject([
      { Action: 'UPSERT', ResourceRecordSet: { SetIdentifier: 'viridian-production', Weight: 100 } },
      { Action: 'UPSERT', ResourceRecordSet: { SetIdentifier: 'viridian-green', Weight: 0 } },
    ]);
    expect(command.match(/"Value":"[^"]+"/g)).toEqual(Array(2).fill(`"Value":"${hosts.blue}"`));
    expect(command).not.toContain('\n');
  });

  it('is that of the request, and none where the request names none or is none', () => {
    const record = { hostedZoneId: 'Z1', recordName: 'readers.example' };
    expect(readsRecordOf({ readRamp: { ...record, steps: [10] } })).toEqual(record);
    const halves = [
      { hostedZoneId: 'Z1' },
      { recordName: 'readers.example' },
      { ...record, hostedZoneId: 1 },
    ];
    for (const request of [undefined, null, 'orders', {}, ...halves.map((readRamp) => ({ readRamp }))])
      expect(readsRecordOf(request)).toBeUndefined();
  });

  it('is answered for as long as the longer of its times to live', () => {
    const [production, green] = setsFor(20, hosts, 30);
    const sets = [production, green && { ...green, ttlSeconds: 45 }].filter((one) => one !== undefined);
    expect(ttlOf({ kind: 'weighted', sets })).toBe(45);
    expect(ttlOf({ kind: 'other', what: 'a simple CNAME' })).toBeUndefined();
    expect(ttlOf(null)).toBeUndefined();
  });
});
