import { describe, expect, test } from 'vitest';
import { findRemovalObstacle } from '../../../functions/domain/build/green-removal.ts';
import { finalSnapshotName, judgeSnapshot } from '../../../functions/domain/close/final-snapshot.ts';
import { findDeletionObstacle } from '../../../functions/domain/close/old-blue-deletion.ts';
import { judgeGroups } from '../../../functions/domain/close/security-groups.ts';

describe('green may be removed', () => {
  const safe = {
    status: 'AVAILABLE',
    production: 'db-BLUE',
    blue: 'db-BLUE',
    green: [{ id: 'orders-green', resourceId: 'db-GREEN' }],
    productionNames: ['orders', 'orders-replica'],
  };

  test.each(['PROVISIONING', 'AVAILABLE', 'INVALID_CONFIGURATION', 'SWITCHOVER_FAILED', 'DELETING'])(
    'while the deployment is %s and blue has the production name',
    (status) => expect(findRemovalObstacle({ ...safe, status })).toBeUndefined(),
  );

  test.each([
    ['a switchover runs', { status: 'SWITCHOVER_IN_PROGRESS' }],
    ['a switchover is over', { status: 'SWITCHOVER_COMPLETED' }],
    ['the status is not known', { status: 'REVERSING' }],
    ['there is no status', { status: '' }],
    ['green has the production name', { production: 'db-GREEN' }],
    ['nothing has the production name', { production: undefined }],
    ['blue is among what would go', { green: [{ id: 'x', resourceId: 'db-BLUE' }] }],
    [
      'a name of production is among what would go',
      { green: [{ id: 'orders-replica', resourceId: 'db-X' }] },
    ],
  ])('never when %s', (_, change) => expect(findRemovalObstacle({ ...safe, ...change })).toMatch(/\w/));
});

describe('old blue may be deleted', () => {
  const rdsName = { name: 'orders', leadsTo: 'db-GREEN' };
  const record = (leadsTo: string | undefined) => ({ name: 'orders-db.example.com', leadsTo });
  const safe = {
    toDelete: [{ id: 'orders-old1', arn: 'arn:orders-old1', resourceId: 'db-BLUE' }],
    ofOldBlue: ['db-BLUE'],
    productionNames: ['orders'],
    addresses: [rdsName, record('db-GREEN')],
    green: 'db-GREEN',
    records: [{ id: 'bgd-2', arns: ['arn:invoices'] }],
  };

  test('when production is the former green and nothing holds it', () => {
    expect(findDeletionObstacle(safe)).toBeUndefined();
  });

  test.each([
    ['production is old blue', { addresses: [{ name: 'orders', leadsTo: 'db-BLUE' }] }],
    ['production could not be found', { addresses: [{ name: 'orders', leadsTo: undefined }] }],
    ['a record leads to old blue', { addresses: [rdsName, record('db-BLUE')] }],
    ['a record leads elsewhere', { addresses: [rdsName, record('orders.example.org')] }],
    ['a record is gone', { addresses: [rdsName, record(undefined)] }],
    ['nobody knows what green was', { green: undefined, addresses: [record(undefined)] }],
    ['nobody knows what green was, nor any address', { green: undefined, addresses: [] }],
    ['it has the production name', { productionNames: ['orders-old1'] }],
    ['it is not a database of old blue', { ofOldBlue: ['db-OTHER'] }],
    [
      'it is green',
      { ofOldBlue: ['db-BLUE', 'db-GREEN'], toDelete: [{ id: 'x', arn: 'a', resourceId: 'db-GREEN' }] },
    ],
    ['it has no resource id', { ofOldBlue: [''], toDelete: [{ id: 'x', arn: 'a', resourceId: '' }] }],
    ['a deployment holds it', { records: [{ id: 'bgd-2', arns: ['arn:orders-old1'] }] }],
  ])('never when %s', (_, change) => expect(findDeletionObstacle({ ...safe, ...change })).toMatch(/\w/));
});

describe('what stands in the way of deleting old blue is named', () => {
  const one = { id: 'orders-old1', arn: 'arn:orders-old1', resourceId: 'db-BLUE' };
  const facts = {
    toDelete: [one],
    ofOldBlue: ['db-BLUE'],
    productionNames: ['orders'],
    addresses: [{ name: 'orders', leadsTo: 'db-GREEN' as string | undefined }],
    green: 'db-GREEN' as string | undefined,
    records: [{ id: 'bgd-2', arns: ['arn:invoices'] }],
  };

  test.each<[change: Partial<typeof facts>, says: string]>([
    [
      { addresses: [{ name: 'orders', leadsTo: 'db-BLUE' }] },
      'orders leads to db-BLUE, not to the former green (db-GREEN)',
    ],
    [
      { addresses: [{ name: 'orders', leadsTo: undefined }] },
      'orders leads to nothing, not to the former green (db-GREEN)',
    ],
    [{ green: undefined, addresses: [] }, 'production leads to nothing, not to the former green (not known)'],
    [
      { toDelete: [{ ...one, resourceId: 'db-OTHER' }] },
      'orders-old1 (db-OTHER) is not a database of old blue',
    ],
    [
      { toDelete: [{ ...one, resourceId: '' }], ofOldBlue: ['db-BLUE', ''] },
      'orders-old1 (no resource id) is not a database of old blue',
    ],
    [{ productionNames: ['orders-old1'] }, 'orders-old1 still has a name of production'],
    [
      { records: [{ id: 'bgd-1', arns: ['arn:orders-old1'] }] },
      'orders-old1 is part of the deployment bgd-1',
    ],
  ])('%j', (change, says) => expect(findDeletionObstacle({ ...facts, ...change })).toBe(says));
});

describe('the final snapshot', () => {
  const snapshot = { id: 's', arn: 'arn:s', status: 'available', of: 'db-BLUE' };

  test('has a name that RDS takes and that only this database has', () => {
    expect(finalSnapshotName('db-ABC')).toBe('viridian-final-db-abc');
  });

  test.each([
    ['available and of old blue', snapshot, 'usable'],
    ['not listed', undefined, 'unfinished'],
    ['being taken', { ...snapshot, status: 'creating' }, 'unfinished'],
    ['in a status that nobody knows', { ...snapshot, status: 'resting' }, 'unfinished'],
    ['failed', { ...snapshot, status: 'failed' }, 'wrong'],
    ['being deleted', { ...snapshot, status: 'deleting' }, 'wrong'],
    ['of another database', { ...snapshot, of: 'db-GREEN' }, 'wrong'],
    ['of nobody knows what', { ...snapshot, of: undefined }, 'wrong'],
  ])('%s', (_, seen, kind) => expect(judgeSnapshot(seen, 'db-BLUE').kind).toBe(kind));

  test.each([
    [undefined, 'RDS does not list a final snapshot of db-BLUE'],
    [{ ...snapshot, status: 'creating' }, 'the snapshot s is creating'],
    [{ ...snapshot, status: '' }, 'the snapshot s is without a status'],
    [{ ...snapshot, of: 'db-GREEN' }, 'the snapshot s is of db-GREEN, not of db-BLUE'],
    [{ ...snapshot, of: undefined }, 'the snapshot s is of an unknown database, not of db-BLUE'],
  ])('%j says why', (seen, because) => expect(judgeSnapshot(seen, 'db-BLUE')).toMatchObject({ because }));
});

describe('a cluster is fenced', () => {
  const fence = { id: 'sg-fence', status: 'active' };

  test.each([
    ['only by the fence', [fence], 'in-effect'],
    ['by the fence that is being put on', [{ ...fence, status: 'adding' }], 'in-progress'],
    ['not by the fence beside another group', [fence, { id: 'sg-app', status: 'active' }], 'other'],
    [
      'not while the other group is still being taken off',
      [fence, { id: 'sg-app', status: 'removing' }],
      'other',
    ],
    ['by two, of which one is being put on', [fence, { ...fence, status: 'adding' }], 'in-progress'],
    ['not by nothing', [], 'other'],
  ])('%s', (_, groups, state) => expect(judgeGroups(groups, ['sg-fence'])).toBe(state));

  test('by nothing, which is never in effect, even where no group is wanted', () => {
    expect(judgeGroups([], [])).toBe('other');
  });

  test('an application is admitted when every one of its groups is there', () => {
    const app = { id: 'sg-app', status: 'active' };
    const more = { id: 'sg-more', status: 'active' };
    expect(judgeGroups([app, more], ['sg-app', 'sg-more'])).toBe('in-effect');
    expect(judgeGroups([app], ['sg-app', 'sg-more'])).toBe('other');
    expect(judgeGroups([app, more, fence], ['sg-app', 'sg-more'])).toBe('other');
  });
});
