import { describe, expect, it } from 'vitest';
import {
  followRecord,
  nameAddress,
  type RecordSeen,
  recordAddressOf,
} from '../../../functions/domain/way-back/address.ts';
import { nextPointing } from '../../../functions/domain/way-back/record-step.ts';

const domain = 'c1a2.eu-west-1.rds.amazonaws.com';
const blue = {
  id: 'orders-old1',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders-old1',
  resourceId: 'db-BLUE',
  status: 'available',
  endpoint: `orders-old1.${domain}:5432`,
  pendingId: null,
};
const green = {
  id: 'orders',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
  resourceId: 'db-GREEN',
  status: 'available',
  endpoint: `orders.${domain}:5432`,
  pendingId: null,
};
const names = { production: 'db-GREEN', target: blue, green };
const leadsTo = (target: string): RecordSeen => ({ kind: 'cname', target, ttlSeconds: 60 });
const alias: RecordSeen = { kind: 'other', what: 'an alias of type A' };

describe('a record leads to', () => {
  it.each<[what: string, seen: RecordSeen, expected: string | undefined]>([
    ['new production', leadsTo(`orders.${domain}`), 'db-GREEN'],
    ['blue', leadsTo(`orders-old1.${domain}`), 'db-BLUE'],
    ['blue, however it is written', leadsTo(`Orders-OLD1.${domain}.`), 'db-BLUE'],
    ['neither side', leadsTo('proxy.example.com'), 'proxy.example.com'],
    ['nothing that can be followed', alias, 'an alias of type A'],
    ['nothing', null, undefined],
  ])('%s', (_what, seen, expected) => expect(followRecord(seen, names)).toBe(expected));

  it('nothing of ours while a side has no endpoint', () => {
    expect(followRecord(leadsTo(''), { target: { ...blue, endpoint: '' }, green: undefined })).toBe('');
  });
});

describe('the next step', () => {
  it.each<[what: string, seen: RecordSeen, more: object, kind: string, because?: RegExp]>([
    ['points a record at new production to blue', leadsTo(`orders.${domain}`), {}, 'point'],
    ['is none when it leads to blue', leadsTo(`orders-old1.${domain}`), {}, 'done'],
    ['leaves a record alone that leads elsewhere', leadsTo('dr.example.com'), {}, 'unclear', /neither side/],
    ['leaves an alias alone', alias, {}, 'unclear', /is an alias of type A/],
    ['makes no record', null, {}, 'unclear', /not there/],
    [
      'waits for the endpoint of blue',
      leadsTo(`orders.${domain}`),
      { target: { ...blue, endpoint: '' } },
      'busy',
    ],
    [
      'waits while blue is renamed',
      leadsTo(`orders.${domain}`),
      { target: { ...blue, pendingId: 'orders-x' } },
      'busy',
    ],
    [
      'is unclear without blue',
      leadsTo(`orders.${domain}`),
      { target: undefined },
      'unclear',
      /the rollback target is not there/,
    ],
    [
      'is unclear when new production is gone, to which it may have led',
      leadsTo(`orders.${domain}`),
      { green: undefined },
      'unclear',
      /neither side/,
    ],
  ])('%s', (_what, seen, more, kind, because = /^/) => {
    const step = nextPointing('orders-db.example.com', seen, { ...names, ...more });
    expect(step.kind).toBe(kind);
    if ('because' in step) expect(step.because).toMatch(because);
  });

  it('keeps the time to live, for which the old answer counts', () => {
    expect(nextPointing('orders-db.example.com', leadsTo(`orders.${domain}`), names)).toEqual({
      kind: 'point',
      target: `orders-old1.${domain}`,
      ttlSeconds: 60,
    });
  });
});

describe('the address of production', () => {
  const route53 = { kind: 'route53', hostedZoneId: 'Z1ABC', recordName: 'Orders-DB.example.com.' };
  it.each([
    ['the record', { wayBack: { endpoint: route53 } }, 'orders-db.example.com'],
    ["RDS's own name", { wayBack: { endpoint: { kind: 'rename' } } }, 'orders'],
    ["RDS's own name for a request that was refused", 'orders', 'orders'],
    ["RDS's own name without a request", null, 'orders'],
    [
      "RDS's own name where the record is half given",
      { wayBack: { endpoint: { kind: 'route53' } } },
      'orders',
    ],
  ])('is %s', (_what, request, name) => {
    expect(nameAddress(request, 'orders')).toBe(name);
    expect(recordAddressOf(request) !== undefined).toBe(name !== 'orders');
  });
});
