import { describe, expect, test } from 'vitest';
import { describeLostBlue, isWhole } from '../../../functions/domain/build/lost-blue.ts';
import type { Side } from '../../../functions/domain/model/deployment.ts';
import { blueSide, member } from '../sample.ts';

const primary = member('orders');
const replica = member('orders-replica', { role: 'reader', replicaOf: 'orders' });
const blue = blueSide({ members: [primary, replica] });
const autoscaled = member('application-autoscaling-1a', { role: 'reader' });

describe('blue is whole', () => {
  test.each<[string, Side, Side | undefined, boolean]>([
    ['as it was', blue, blue, true],
    ['with a database more', blue, blueSide({ members: [primary, replica, member('x')] }), true],
    ['without a reader of autoscaling', blueSide({ members: [primary, autoscaled] }), blueSide(), true],
    ['not without its replica', blue, blueSide(), false],
    ['not when another database has its name', blue, blueSide({ resourceId: 'db-OTHER' }), false],
    ['not when nothing has its name', blue, undefined, false],
  ])('%s', (_, known, now, whole) => expect(isWhole(known, now)).toBe(whole));
});

describe('what has become of it is named, by resource id', () => {
  test.each<[string, Side | undefined, RegExp]>([
    ['deleted', undefined, /blue \(orders, db-ORDERS\) is gone/],
    ['renamed', blueSide({ id: 'mine' }), /was called orders and is called mine/],
    ['its replica deleted', blueSide(), /orders-replica \(\S+\) of blue is gone/],
    [
      'its replica renamed',
      blueSide({ members: [primary, { ...replica, id: 'reports' }] }),
      /was called orders-replica and is called reports/,
    ],
    [
      'its replica promoted',
      blueSide({ members: [primary, { ...replica, replicaOf: null }] }),
      /orders-replica of blue replicated from orders and does not any more/,
    ],
  ])('%s', (_, now, says) => expect(describeLostBlue(blue, now)).toMatch(says));

  test('an answer that was only late is nothing', () => {
    expect(describeLostBlue(blue, blue)).toBeUndefined();
  });
});
