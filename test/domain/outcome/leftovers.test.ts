import { expect, it } from 'vitest';
import type { Deployment } from '../../../functions/domain/model/deployment.ts';
import type { ServingAtEnd } from '../../../functions/domain/model/ends.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import {
  describeSize,
  type EndState,
  findLeftovers,
  sideThatServes,
} from '../../../functions/domain/outcome/leftovers.ts';
import { blueSide, clusterSide, deployment, greenSide, member } from '../sample.ts';

const oldBlue = blueSide({ id: 'orders-old1' });
const size = '1 x db.r7g.large with standby, and 100 GiB of storage each, by the hour';
const unread = 'could not be read (Throttling); take it as running';
const afterCut = { production: read('db-GREEN') };
const building = { id: 'bgd-1', status: 'PROVISIONING' };
const clone = blueSide({ id: 'orders-back', resourceId: 'db-CLONE' });

it.each<[string, Partial<Deployment>, EndState, ServingAtEnd, object[]]>([
  ['nothing is known of the databases', {}, afterCut, 'green', []],
  [
    'green serves, and old blue is kept',
    deployment(),
    { ...afterCut, blue: read(oldBlue), green: read(greenSide({ id: 'orders' })) },
    'green',
    [{ what: 'old blue', id: 'orders-old1', resourceId: 'db-ORDERS', cost: size, read: true }],
  ],
  ['old blue is gone', deployment(), { ...afterCut, blue: read(null) }, 'green', []],
  [
    'old blue is being deleted',
    deployment(),
    { ...afterCut, blue: read({ ...oldBlue, status: 'deleting' }) },
    'green',
    [{ what: 'old blue', id: 'orders-old1', resourceId: 'db-ORDERS', cost: 'is being deleted', read: true }],
  ],
  [
    'old blue could not be read',
    deployment(),
    { ...afterCut, blue: unreadable('Throttling') },
    'green',
    [{ what: 'old blue', id: 'orders', resourceId: 'db-ORDERS', cost: unread, read: false }],
  ],
  [
    'green is left where blue serves',
    deployment(),
    { production: read('db-ORDERS'), blue: read(blueSide()), green: read(greenSide()) },
    'blue',
    [
      {
        what: 'green',
        id: 'orders-green-abc123',
        resourceId: 'db-GREEN',
        cost: size,
        read: true,
      },
    ],
  ],
  [
    'the address could not be read, and the end says which side serves',
    deployment(),
    { production: unreadable('Throttling'), blue: read(oldBlue), green: read(greenSide()) },
    'green',
    [{ what: 'old blue', id: 'orders-old1', resourceId: 'db-ORDERS', cost: size, read: true }],
  ],
  [
    'nobody knows which side serves: both may cost, under their first names',
    deployment(),
    { production: unreadable('Throttling'), blue: read(blueSide()), green: unreadable('Throttling') },
    'unknown',
    [
      { what: 'green', id: 'orders-green-abc123', resourceId: 'db-GREEN', cost: unread, read: false },
      { what: 'blue', id: 'orders', resourceId: 'db-ORDERS', cost: size, read: true },
    ],
  ],
  [
    'a clone of old blue',
    deployment({ clone }),
    { ...afterCut, clone: read(clone) },
    'green',
    [{ what: 'clone of old blue', id: 'orders-back', resourceId: 'db-CLONE', cost: size, read: true }],
  ],
  [
    'the record while RDS has just begun',
    deployment({ green: undefined }),
    { production: read('db-ORDERS'), record: read(building) },
    'blue',
    [
      {
        what: 'deployment record',
        id: 'bgd-1',
        cost: 'PROVISIONING; builds green, which costs money by the hour',
        read: true,
      },
    ],
  ],
  [
    'the record beside a green that is named already',
    deployment(),
    { production: read('db-ORDERS'), record: read(building) },
    'blue',
    [{ what: 'deployment record', id: 'bgd-1', cost: 'PROVISIONING; costs nothing itself', read: true }],
  ],
  [
    'a record that was kept, and why',
    deployment({ green: undefined, recordKeptBecause: 'RDS denied it' }),
    { ...afterCut, record: read({ id: 'bgd-1', status: 'SWITCHOVER_COMPLETED' }) },
    'green',
    [
      {
        what: 'deployment record',
        id: 'bgd-1',
        cost: 'SWITCHOVER_COMPLETED; costs nothing itself. It was kept: RDS denied it',
        read: true,
      },
    ],
  ],
  ['no record any more', deployment(), { ...afterCut, record: read(null) }, 'green', []],
  [
    'a record that could not be read',
    deployment({ id: 'bgd-7' }),
    { ...afterCut, record: unreadable('Throttling') },
    'green',
    [{ what: 'deployment record', id: 'bgd-7', cost: 'could not be read (Throttling)', read: false }],
  ],
  [
    'final snapshots, of old blue and of a replica that needed one',
    deployment(),
    {
      ...afterCut,
      snapshot: read({ id: 'last', status: 'available' }),
      snapshotsOfReplicas: [read(null), unreadable('Throttling')],
    },
    'green',
    [
      { what: 'final snapshot', id: 'last', cost: 'available; snapshot storage, by the month', read: true },
      { what: 'final snapshot', id: '', cost: 'could not be read (Throttling)', read: false },
    ],
  ],
  [
    'automated backups of an old blue that is gone',
    deployment(),
    { ...afterCut, blue: read(null), backups: 7 },
    'green',
    [
      {
        what: 'automated backups',
        id: 'of orders',
        resourceId: 'db-ORDERS',
        cost: 'RDS keeps them for 7 days after the deletion; backup storage, by the month',
        read: true,
      },
    ],
  ],
  [
    'automated backups of one that is being deleted',
    deployment(),
    { ...afterCut, blue: read({ ...oldBlue, status: 'deleting' }), backups: 1 },
    'green',
    [{ what: 'old blue' }, { what: 'automated backups', read: true }],
  ],
  [
    'no automated backups beside an old blue that runs',
    deployment(),
    { ...afterCut, blue: read(oldBlue), backups: 7 },
    'green',
    [{ what: 'old blue' }],
  ],
  [
    'none of a blue that nobody knows',
    { green: greenSide() },
    { ...afterCut, blue: read(null), backups: 7 },
    'green',
    [],
  ],
  [
    'none where old blue could not be read',
    deployment(),
    { ...afterCut, blue: unreadable('Throttling'), backups: 7 },
    'green',
    [{ what: 'old blue', read: false }],
  ],
])('lists what runs beside production: %s', (_what, known, endState, serves, expected) => {
  const found = findLeftovers(known, endState, serves);
  expect(found).toHaveLength(expected.length);
  expect(found).toMatchObject(expected);
});

it.each([
  ['green', deployment(), 'green', 'db-GREEN'],
  ['blue', deployment(), 'blue', 'db-ORDERS'],
  ['blue, which is the clone after going back', deployment({ clone }), 'blue', 'db-CLONE'],
  ['a blue that nobody knows', {}, 'blue', undefined],
] as const)('the side that serves: %s', (_what, known, serves, resourceId) => {
  expect(sideThatServes(known, serves)?.resourceId).toBe(resourceId);
});

it.each([
  [blueSide(), size],
  [
    clusterSide({ members: [member('a', { multiAz: false }), member('b', { multiAz: false })] }),
    '2 x db.r7g.large, and its Aurora storage, by the hour',
  ],
  [
    blueSide({ members: [member('a'), member('b', { multiAz: false })] }),
    '1 x db.r7g.large with standby, 1 x db.r7g.large, and 100 GiB of storage each, by the hour',
  ],
  [clusterSide({ members: [] }), 'no instance, and its Aurora storage, by the hour'],
])('names what a side is billed by', (side, expected) => {
  expect(describeSize(side)).toBe(expected);
});
