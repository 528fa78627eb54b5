import { describe, expect, it } from 'vitest';
import { findRemovalObstacle, type RemovalFacts } from '../../../functions/domain/build/green-removal.ts';

const proved: RemovalFacts = {
  status: 'AVAILABLE',
  production: 'db-BLUE',
  blue: 'db-BLUE',
  green: [
    { id: 'orders-green-abc123', resourceId: 'db-GREEN' },
    { id: 'orders-r1-green-abc123', resourceId: 'db-GREEN-R1' },
  ],
  productionNames: ['orders', 'orders-r1'],
};

describe('green may be removed, since blue is proved to serve, while the deployment is', () => {
  it.each(['PROVISIONING', 'AVAILABLE', 'SWITCHOVER_FAILED', 'INVALID_CONFIGURATION', 'DELETING'])(
    '%s',
    (status) => {
      expect(findRemovalObstacle({ ...proved, status })).toBeUndefined();
    },
  );
});

describe('green is kept', () => {
  it.each<[when: string, more: Partial<RemovalFacts>, because: string]>([
    ...['SWITCHOVER_IN_PROGRESS', 'SWITCHOVER_COMPLETED', 'SOMETHING_NEW'].map(
      (status): [string, Partial<RemovalFacts>, string] => [
        `while the deployment is ${status}`,
        { status },
        `the deployment is ${status}`,
      ],
    ),
    [
      'where production leads to green',
      { production: 'db-GREEN' },
      'the production name leads to db-GREEN, not to blue (db-BLUE)',
    ],
    [
      'where nothing has the production name',
      { production: undefined },
      'the production name leads to nothing, not to blue (db-BLUE)',
    ],
    [
      'where a member of it is blue itself',
      { green: [...proved.green, { id: 'orders-x', resourceId: 'db-BLUE' }] },
      'orders-x (db-BLUE) belongs to production',
    ],
    [
      'where a member of it has a name of production',
      { green: [...proved.green, { id: 'orders-r1', resourceId: 'db-OTHER' }] },
      'orders-r1 (db-OTHER) belongs to production',
    ],
  ])('%s', (_, more, because) => {
    expect(findRemovalObstacle({ ...proved, ...more })).toBe(because);
  });
});
