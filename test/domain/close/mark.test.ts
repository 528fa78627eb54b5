import { describe, expect, it, test } from 'vitest';
import {
  type DatabaseSeen,
  findMarkObstacle,
  type Mark,
  type MarkingRun,
  tagsOfMark,
} from '../../../functions/domain/close/mark.ts';

const run: MarkingRun = { executionArn: 'run-1', open: true, production: 'orders', green: null };

const seen: DatabaseSeen = {
  id: 'orders-old1',
  resourceId: 'db-1',
  cluster: null,
  replicaOf: null,
  tags: { 'viridian:execution': 'run-1' },
};

const obstacle = (
  mark: Mark,
  database: Partial<DatabaseSeen> | undefined = {},
  about: Partial<MarkingRun> = {},
) =>
  findMarkObstacle({ mark, arn: 'arn', resourceId: 'db-1' }, database && { ...seen, ...database }, {
    ...run,
    ...about,
  });

describe('a database is marked', () => {
  test.each<[string, Mark, Partial<DatabaseSeen>, Partial<MarkingRun>]>([
    ['for deletion, with the tag of the run', 'sweepable', {}, {}],
    ['as old blue, without any tag', 'old-blue', { tags: {} }, {}],
    ['as new production, by its name', 'new-production', { id: 'orders' }, {}],
    [
      'as new production, an instance of its cluster',
      'new-production',
      { id: 'orders-1', cluster: 'orders' },
      {},
    ],
    ['as new production, a replica of it', 'new-production', { id: 'orders-r', replicaOf: 'orders' }, {}],
    ['as green, before the cut', 'green', { id: 'orders-green-1' }, { green: ['orders-green-1'] }],
    [
      'as green, an instance of its cluster',
      'green',
      { id: 'x', cluster: 'orders-green-1' },
      { green: ['orders-green-1'] },
    ],
    ['as green that is changed, before the cut', 'green-to-change', { id: 'g' }, { green: ['g'] }],
    [
      'as green, although it replicates from blue',
      'green',
      { id: 'g', replicaOf: 'orders' },
      { green: ['g'] },
    ],
  ])('%s', (_what, mark, database, about) => {
    expect(obstacle(mark, database, about)).toBeUndefined();
  });
});

describe('a database is not marked', () => {
  test.each<[string, Mark, Partial<DatabaseSeen>, Partial<MarkingRun>, string]>([
    ['production, for deletion', 'sweepable', { id: 'orders' }, {}, 'belongs to production'],
    [
      'an instance of production, for deletion',
      'sweepable',
      { cluster: 'orders' },
      {},
      'belongs to production',
    ],
    [
      'a replica of production, for deletion',
      'sweepable',
      { replicaOf: 'orders' },
      {},
      'belongs to production',
    ],
    ['production, as old blue', 'old-blue', { id: 'orders' }, {}, 'belongs to production'],
    ['something else, as new production', 'new-production', {}, {}, 'does not belong to orders'],
    [
      'the database of another run',
      'sweepable',
      { tags: { 'viridian:execution': 'run-2' } },
      {},
      'names run-2',
    ],
    ['a database of nobody', 'sweepable', { tags: {} }, {}, 'names no run'],
    ['green after the cut', 'green', { id: 'g' }, { green: null }, 'is not green'],
    [
      'an instance of no cluster, as green, that the deployment does not name',
      'green',
      { id: 'x' },
      { green: ['g'] },
      'is not green',
    ],
    ['production, as green', 'green', { id: 'orders' }, { green: ['orders'] }, 'is not green'],
    ['production, as green that is changed', 'green-to-change', { id: 'orders' }, {}, 'is not green'],
    ['old blue, as green that is changed', 'green-to-change', {}, { green: ['g'] }, 'is not green'],
    ['an instance of no cluster, as green of no name', 'green', {}, { green: [] }, 'is not green'],
    ['another one under the name', 'sweepable', { resourceId: 'db-2' }, {}, 'changed hands'],
    ['anything for a run that has ended', 'old-blue', {}, { open: false }, 'not open'],
  ])('%s', (_what, mark, database, about, because) => {
    expect(obstacle(mark, database, about)).toContain(because);
  });

  it('that is not there', () => {
    expect(findMarkObstacle({ mark: 'sweepable', arn: 'arn', resourceId: 'db-1' }, undefined, run)).toContain(
      'there is no database arn',
    );
  });
});

test('each mark has its tags', () => {
  expect(tagsOfMark('green', run)).toEqual({ 'viridian:removable': 'run-1' });
  expect(tagsOfMark('green-to-change', run)).toEqual({ 'viridian:green': 'run-1' });
  expect(tagsOfMark('sweepable', run)).toEqual({ 'viridian:sweepable': 'run-1' });
  expect(tagsOfMark('old-blue', run)).toEqual({
    'viridian:execution': 'run-1',
    'viridian:database': 'orders',
    'viridian:side': 'old-blue',
  });
});
