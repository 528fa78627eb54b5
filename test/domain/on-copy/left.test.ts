import { describe, expect, it } from 'vitest';
import {
  deletionOf,
  keepingOf,
  sortCopies,
  type TaggedCopy,
} from '../../../functions/domain/on-copy/left.ts';
import { arnOf } from '../sample.ts';
import { copyOf } from './tagged.ts';

const cluster = copyOf({ name: 'viridian-copy-c', kind: 'cluster', dependents: ['viridian-copy-c-1'] });
const itsInstance = copyOf({ name: 'viridian-copy-c-1', cluster: 'viridian-copy-c' });
const others = new Set(['orders', arnOf('orders'), 'reports', arnOf('reports')]);
const farAway = arnOf('reports', 'db', 'us-east-1');

/** Names of those that are kept, with the reason. */
const keptOf = (...tagged: TaggedCopy[]) => {
  const { kept, toDelete } = sortCopies(tagged, others);
  expect(
    [...kept.map(({ copy }) => copy), ...toDelete].toSorted((a, b) => a.name.localeCompare(b.name)),
  ).toEqual(tagged.toSorted((a, b) => a.name.localeCompare(b.name)));
  return kept.map(({ copy, because }) => [copy.name, because]);
};

describe('what carries the tag of a rehearsal is deleted', () => {
  it.each<[string, TaggedCopy[]]>([
    ['nothing, where nothing does', []],
    ['a copy that nobody has touched', [copyOf()]],
    ['a cluster with its instance', [itsInstance, cluster]],
    [
      'a copy with a replica of the rehearsal, by its ARN',
      [copyOf({ dependents: [arnOf('viridian-copy-r')] }), copyOf({ name: 'viridian-copy-r' })],
    ],
    [
      'a copy that names a database which was just deleted',
      [copyOf({ dependents: ['gone', arnOf('gone')] })],
    ],
    [
      'an instance that says to be protected as its cluster is',
      [{ ...itsInstance, protection: true }, cluster],
    ],
    [
      'the clone of a way back, which is made protected',
      [{ ...cluster, protection: true, tags: { 'viridian:execution': 'x' } }, itsInstance],
    ],
  ])('%s', (_what, tagged) => {
    expect(sortCopies(tagged, others)).toEqual({ toDelete: tagged, kept: [] });
  });
});

describe('what a person has made theirs is kept', () => {
  const belongs = ['viridian-copy-c-1', 'viridian-copy-c-1 belongs to viridian-copy-c, which is kept'];
  it.each<[string, TaggedCopy[], unknown[]]>([
    [
      'a renamed copy',
      [copyOf({ name: 'orders-test' })],
      [['orders-test', expect.stringContaining('has not the name of a copy')]],
    ],
    [
      'a protected copy',
      [copyOf({ protection: true })],
      [['viridian-copy-orders-1', expect.stringContaining('is protected against deletion')]],
    ],
    [
      'a protected cluster, and its instance',
      [itsInstance, { ...cluster, protection: true }],
      [['viridian-copy-c', expect.stringContaining('is protected')], belongs],
    ],
    [
      'a cluster under the tag of a run that has a side, protected',
      [
        {
          ...cluster,
          protection: true,
          dependents: [],
          tags: { 'viridian:execution': 'x', 'viridian:side': 'old-blue' },
        },
      ],
      [['viridian-copy-c', expect.stringContaining('is protected')]],
    ],
    [
      'an instance under the tag of a run, protected',
      [copyOf({ protection: true, tags: { 'viridian:execution': 'x' } })],
      [['viridian-copy-orders-1', expect.stringContaining('is protected')]],
    ],
    [
      'a copy with a replica of a person',
      [copyOf({ dependents: ['reports'] })],
      [
        [
          'viridian-copy-orders-1',
          'reports depends on viridian-copy-orders-1 and is not of the rehearsal: somebody uses it',
        ],
      ],
    ],
    [
      'a copy with such a replica in another Region',
      [copyOf({ dependents: [farAway] })],
      [['viridian-copy-orders-1', expect.stringContaining(`${farAway} depends on`)]],
    ],
    [
      'a cluster with an instance of a person',
      [itsInstance, { ...cluster, dependents: ['viridian-copy-c-1', 'reports'] }],
      [['viridian-copy-c', expect.stringContaining('reports depends on')], belongs],
    ],
  ])('%s', (_what, tagged, kept) => {
    expect(keptOf(...tagged)).toEqual(kept);
  });

  it('once each, where a cluster and its instance are both kept for a reason of their own', () => {
    const used = { ...itsInstance, dependents: ['reports'] };
    expect(keptOf(used, { ...cluster, protection: true }).map(([name]) => name)).toEqual([
      'viridian-copy-c-1',
      'viridian-copy-c',
    ]);
  });

  it('and no instance of a cluster whose name a kept instance happens to have', () => {
    const namesake = copyOf({ name: 'viridian-copy-c', protection: true });
    expect(keptOf(itsInstance, namesake).map(([name]) => name)).toEqual(['viridian-copy-c']);
  });

  it('and of two copies the other one is deleted', () => {
    const other = copyOf({ name: 'viridian-copy-other' });
    expect(sortCopies([copyOf({ protection: true }), other], others).toDelete).toEqual([other]);
  });
});

describe('a database that is left is deleted by hand', () => {
  it.each<[string, TaggedCopy, string[]]>([
    [
      'an instance',
      copyOf(),
      ['aws rds delete-db-instance --db-instance-identifier viridian-copy-orders-1 --skip-final-snapshot'],
    ],
    [
      'a cluster',
      cluster,
      ['aws rds delete-db-cluster --db-cluster-identifier viridian-copy-c --skip-final-snapshot'],
    ],
    [
      'a protected instance, whose protection goes first',
      copyOf({ protection: true }),
      [
        'aws rds modify-db-instance --db-instance-identifier viridian-copy-orders-1 --no-deletion-protection --apply-immediately',
        'aws rds delete-db-instance --db-instance-identifier viridian-copy-orders-1 --skip-final-snapshot',
      ],
    ],
    [
      'an instance of a protected cluster, which has no protection of its own',
      { ...itsInstance, protection: true },
      ['aws rds delete-db-instance --db-instance-identifier viridian-copy-c-1 --skip-final-snapshot'],
    ],
  ])('%s', (_what, copy, commands) => {
    expect(deletionOf(copy)).toEqual(commands);
  });

  it('or kept by taking the tag off', () => {
    expect(keepingOf(copyOf(), 'viridian:copy')).toBe(
      `aws rds remove-tags-from-resource --resource-name ${arnOf('viridian-copy-orders-1')} --tag-keys viridian:copy`,
    );
  });
});
