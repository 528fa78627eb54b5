import { describe, expect, it } from 'vitest';
import { keepsItsName, laterOf, nextReads } from '../../../functions/domain/read-ramp/going-back.ts';
import { type ReadsSeen, setsFor } from '../../../functions/domain/read-ramp/record.ts';
import type { NamedDatabase } from '../../../functions/domain/way-back/rename-step.ts';

/** `blue` is the rollback target, `green` is new production, which has the names that blue had before the cut. */
const hosts = { blue: 'orders-old1.x.example', green: 'orders.x.example' };
const leadingTo = (host: string): ReadsSeen => ({
  kind: 'weighted',
  sets: setsFor(0, { blue: host, green: host }, 30),
});

describe('the record of the readers, when production goes back', () => {
  it.each<[what: string, seen: ReadsSeen, lasts: boolean, kind: string]>([
    ['leads to new production', leadingTo(hosts.green), true, 'lead'],
    ['leads to blue', leadingTo(hosts.blue), true, 'done'],
    [
      'leads half of the readers to blue',
      { kind: 'weighted', sets: setsFor(50, { blue: hosts.green, green: hosts.blue }, 30) },
      true,
      'lead',
    ],
    ['leads to new production, and blue is to be renamed', leadingTo(hosts.green), false, 'not-yet'],
    ['leads to somebody else', leadingTo('dr.example.org'), true, 'left-alone'],
    ['is a simple one', { kind: 'other', what: 'a simple CNAME' }, true, 'left-alone'],
    ['is gone', null, true, 'left-alone'],
  ])('%s', (_what, seen, lasts, kind) => {
    expect(nextReads('orders-readers.example.com', seen, hosts, lasts).kind).toBe(kind);
  });

  it('is not led to a blue that has no address', () => {
    expect(nextReads('r.example', leadingTo(hosts.green), { ...hosts, blue: '' }, true).kind).toBe('not-yet');
  });

  it('keeps its time to live', () => {
    expect(nextReads('r.example', leadingTo(hosts.green), hosts, true)).toEqual({
      kind: 'lead',
      target: hosts.blue,
      ttlSeconds: 30,
    });
  });
});

describe('the name by which readers reach the rollback target', () => {
  const named = (id: string, pendingId: string | null = null): NamedDatabase => ({
    ...{ id, pendingId, arn: 'arn', resourceId: 'db-blue', status: 'available' },
    endpoint: `${id}.x.example:5432`,
  });
  const renames = {};
  const byRecord = {
    wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1', recordName: 'orders.example.com' } },
  };
  const instance = { kind: 'instance', id: 'orders' } as const;
  const cluster = { kind: 'cluster', id: 'orders' } as const;
  const own = 'orders-old1.x.example';

  it.each([
    ['lasts where production goes back by a record', instance, byRecord, named('orders-old1'), own, true],
    ['goes with a rename that is to come', instance, renames, named('orders-old1'), own, false],
    [
      'goes with a rename under way',
      instance,
      renames,
      named('orders', 'orders-old1'),
      'orders.x.example',
      false,
    ],
    ['lasts after the rename', instance, renames, named('orders'), 'orders.x.example', true],
    [
      'lasts where it is that of a replica',
      instance,
      renames,
      named('orders-old1'),
      'orders-replica-old1.x',
      true,
    ],
    ['of a cluster goes with its rename', cluster, renames, named('clone'), 'clone.cluster-ro-x', false],
    ['of a cluster lasts after its rename', cluster, renames, named('orders'), 'orders.cluster-ro-x', true],
    ['is not known of a target that is gone', instance, renames, undefined, '', false],
  ])('%s', (_what, database, request, target, host, lasts) => {
    expect(keepsItsName(database, request, target, host)).toBe(lasts);
  });
});

it('the later one of two times counts, and one where there is no other', () => {
  const [early, late] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'];
  expect([laterOf(early, late), laterOf(late, early), laterOf(null, early), laterOf(late, null)]).toEqual([
    late,
    late,
    early,
    late,
  ]);
  expect(laterOf(null, null)).toBe(null);
});
