import { describe, expect, it } from 'vitest';
import { describeChangedPlan, describeChanges, planHash } from '../../../functions/domain/build/plan-hash.ts';
import { blueSide, clusterSide, greenSide, member } from '../sample.ts';

it('is the same for the same plan in every version of the stack, so that an open approval stays one', () => {
  expect(planHash({ deploymentId: 'bgd-1', blue: clusterSide(), green: greenSide() })).toBe(
    '6dbff6e63b9970c04fd87de2979aecf4094de0182533076cd1172115bf8c8986',
  );
  expect(planHash({ deploymentId: 'bgd-1', blue: blueSide(), green: greenSide() })).toBe(
    '20adfc551d7af1c991a51e91034f6be7af0d139cb3f778cdf467b8535c454bb9',
  );
});

describe('what changed of a side', () => {
  const one = member('orders-1', { resourceId: 'db-1' });
  const two = member('orders-2', { resourceId: 'db-2', role: 'reader' });
  const three = member('orders-3', { resourceId: 'db-3', role: 'reader' });
  const before = clusterSide({ members: [one, two] });

  it.each<[what: string, now: Parameters<typeof describeChanges>[1], changes: string[]]>([
    ['nothing', clusterSide({ members: [two, one] }), []],
    ['its version', { ...before, engineVersion: '16.10' }, ['orders: engineVersion was 16.9 and is 16.10']],
    ['a database that is gone', clusterSide({ members: [one] }), ['orders-2 (db-2) is gone']],
    ['a database that is new', clusterSide({ members: [one, two, three] }), ['orders-3 (db-3) is new']],
    [
      'a database that was exchanged',
      clusterSide({ members: [one, { ...two, resourceId: 'db-9' }] }),
      ['orders-2 (db-2) is gone', 'orders-2 (db-9) is new'],
    ],
    [
      'the class of a database',
      clusterSide({ members: [one, { ...two, instanceClass: 'db.t4g.micro' }] }),
      ['orders-2: instanceClass was db.r7g.large and is db.t4g.micro'],
    ],
  ])('%s', (_, now, changes) => {
    expect(describeChanges(before, now)).toEqual(changes);
  });

  it('is told once where the side is its only database', () => {
    const now = blueSide({ engineVersion: '16.10', members: [member('orders', { engineVersion: '16.10' })] });
    expect(describeChanges(blueSide(), now)).toEqual(['orders: engineVersion was 16.9 and is 16.10']);
  });
});

describe('a plan that is not any more what was checked', () => {
  const blue = blueSide();
  const green = greenSide();
  const other = { ...green, parameterGroup: 'stray' };
  const ending = '. Look at who changed it, then start again';
  it.each<[what: string, now: { blue: typeof blue; green?: typeof green }, says: string]>([
    [
      'names what changed',
      { blue, green: other },
      'orders-green-abc123: parameterGroup was orders-17 and is stray',
    ],
    [
      'names all that changed',
      { blue: { ...blue, engineVersion: '16.10' }, green: other },
      'orders: engineVersion was 16.9 and is 16.10; orders-green-abc123: parameterGroup was orders-17 and is stray',
    ],
    [
      'does without a green',
      { blue: { ...blue, engineVersion: '16.10' } },
      'orders: engineVersion was 16.9 and is 16.10',
    ],
    [
      'is another deployment where both sides are as they were',
      { blue, green },
      'the deployment itself was exchanged',
    ],
  ])('%s', (_, now, says) => {
    expect(describeChangedPlan({ blue, green }, now)).toBe(
      `blue or green is not any more what was checked: ${says}${ending}`,
    );
  });
});
