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

  test('not when only the last of its databases has changed', () => {
    expect(findNewOwner(oldBlue, [replica, { ...primary, id: 'mine' }])).toMatch(/is called mine now/);
  });

  test('when its replica replicates from it under the name that it had or has', () => {
    expect(findNewOwner(oldBlue, [{ ...replica, replicaOf: 'orders' }])).toBeUndefined();
  });

  test('not when the cluster itself was protected, which no instance shows', () => {
    const cluster = clusterSide();
    const { id, resourceId } = cluster;
    const now = { id, resourceId, deletionProtection: true, replicaOf: null, replicas: [] };
    expect(findNewOwner(cluster, [now])).toMatch(/protected/);
    const origin = blueSide({ members: [member('orders', { deletionProtection: true })] });
    expect(findNewOwner(withProtectionOf(cluster, origin), [now])).toBeUndefined();
  });

  test.each([
    ['nothing of it is protected', blueSide({ members: [member('orders')] }), false],
    ['it has no members', blueSide({ members: [] }), false],
    ['it is protected itself', blueSide({ deletionProtection: true }), true],
    [
      'one of its members is',
      blueSide({ members: [member('orders'), member('orders-2', { deletionProtection: true })] }),
      true,
    ],
  ])('a side is as protected as the one that it was made from: %s', (_, origin, deletionProtection) => {
    const made = withProtectionOf(oldBlue, origin);
    expect(made).toEqual({
      ...oldBlue,
      deletionProtection,
      members: oldBlue.members.map((one) => ({ ...one, deletionProtection })),
    });
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
    ['the first minute that counts had one', [at(2, 0), at(60, 1)], 'no'],
    ['the last known minute is as old as is still believed', [at(10, 0)], 'ready'],
    ['the last minutes are not known', [at(11, 0)], 'not-yet'],
    ['only minutes before the time that counts are known', [at(61, 0)], 'not-yet'],
  ])('%s', (_, points, kind) => {
    expect(judgeSessions([{ id: 'orders-old1', points }], since, now).kind).toBe(kind);
  });

  test('the time that counts may be one minute long', () => {
    expect(judgeSessions([{ id: 'orders-old1', points: [at(0, 0)] }], now, now).kind).toBe('ready');
  });

  test.each([
    [
      [at(2, 0), at(3, 4), at(4, 9), at(5, 1)],
      /^orders-old1 has clients: up to 9 sessions, the last ones at 1970-01-01T16:37:00.000Z \(DatabaseConn/,
    ],
    [[], /shows no DatabaseConnections of orders-old1 since 1970-01-01T15:40:00.000Z, so nobody knows/],
    [[at(11, 0)], /no DatabaseConnections of orders-old1 after 1970-01-01T16:29:00.000Z, so nobody knows/],
  ])('%j says since when and how many', (points, because) => {
    expect(judgeSessions([{ id: 'orders-old1', points }], since, now)).toMatchObject({
      because: expect.stringMatching(because),
    });
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
