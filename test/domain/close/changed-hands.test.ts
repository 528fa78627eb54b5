import { describe, expect, test } from 'vitest';
import {
  type DatabaseNow,
  findNewOwner,
  withProtectionOf,
} from '../../../functions/domain/close/changed-hands.ts';
import { judgeSessions } from '../../../functions/domain/close/sessions.ts';
import { blueSide, clusterSide, member } from '../sample.ts';

const oldBlue = blueSide({
  id: 'orders-old1',
  replicas: ['orders-replica-old1'],
  members: [
    member('orders-old1', { resourceId: 'db-ORDERS' }),
    member('orders-replica-old1', { resourceId: 'db-REPLICA', role: 'reader', replicaOf: 'orders-old1' }),
  ],
});
const primary: DatabaseNow = {
  id: 'orders-old1',
  resourceId: 'db-ORDERS',
  deletionProtection: false,
  replicaOf: null,
  replicas: ['orders-replica-old1'],
};
const replica: DatabaseNow = {
  ...primary,
  id: 'orders-replica-old1',
  resourceId: 'db-REPLICA',
  replicaOf: 'orders-old1',
  replicas: [],
};

describe('a side is still the run’s', () => {
  test('when everything is as it was', () => {
    expect(findNewOwner(oldBlue, [replica, primary])).toBeUndefined();
  });

  test('when its own replica or green is still listed under an earlier name', () => {
    const before = { ...oldBlue, replicas: ['orders-replica', 'orders-green-abc123'] };
    const late = { ...primary, replicas: ['orders-replica-old1', 'orders-green-abc123'] };
    expect(findNewOwner(before, [late])).toBeUndefined();
  });

  test('when the protection was there before, or was taken off', () => {
    const known = {
      ...oldBlue,
      members: [member('orders-old1', { resourceId: 'db-ORDERS', deletionProtection: true })],
    };
    expect(findNewOwner(known, [{ ...primary, deletionProtection: true }])).toBeUndefined();
    expect(findNewOwner(known, [primary])).toBeUndefined();
  });

  test.each<[string, DatabaseNow, RegExp]>([
    ['renamed', { ...primary, id: 'mine' }, /orders-old1 \(db-ORDERS\) is called mine now/],
    ['protected', { ...primary, deletionProtection: true }, /orders-old1 is protected against deletion/],
    ['promoted', { ...replica, replicaOf: null }, /orders-replica-old1 replicated from orders-old1/],
    ['given a replica', { ...primary, replicas: ['reports'] }, /reports replicates from orders-old1/],
    ['made a replica', { ...primary, replicaOf: 'orders' }, /orders-old1 replicates from orders/],
    ['joined', { ...primary, id: 'mine', resourceId: 'db-MINE' }, /mine \(db-MINE\) has joined it/],
  ])('not when a database of it was %s', (_, now, because) => {
    expect(findNewOwner(oldBlue, [now])).toMatch(because);
  });

  test('not when the cluster itself was protected, which no instance shows', () => {
    const cluster = clusterSide();
    const { id, resourceId } = cluster;
    const now = { id, resourceId, deletionProtection: true, replicaOf: null, replicas: [] };
    expect(findNewOwner(cluster, [now])).toMatch(/protected/);
    const origin = blueSide({ members: [member('orders', { deletionProtection: true })] });
    expect(findNewOwner(withProtectionOf(cluster, origin), [now])).toBeUndefined();
  });
});

describe('clients of old blue', () => {
  const minute = 60_000;
  const now = 1_000 * minute;
  const since = now - 60 * minute;
  const at = (minutesAgo: number, value: number) => ({ at: now - minutesAgo * minute, value });

  test.each([
    ['there were none', [at(2, 0), at(3, 0)], 'ready'],
    ['there are some now', [at(2, 4), at(3, 0)], 'no'],
    ['there were some for a minute', [at(2, 0), at(40, 1)], 'no'],
    ['there were some before the time that counts', [at(2, 0), at(61, 9)], 'ready'],
    ['no minute is known', [], 'not-yet'],
    ['the last minutes are not known', [at(11, 0)], 'not-yet'],
    ['only minutes before the time that counts are known', [at(61, 0)], 'not-yet'],
  ])('%s', (_, points, kind) => {
    expect(judgeSessions([{ id: 'orders-old1', points }], since, now).kind).toBe(kind);
  });

  test('one instance that is used says no, whatever is known of the others', () => {
    const seen = [
      { id: 'a', points: [] },
      { id: 'b', points: [at(1, 1)] },
    ];
    expect(judgeSessions(seen, since, now)).toMatchObject({
      kind: 'no',
      because: expect.stringMatching(/^b has/),
    });
  });
});
