import { describe, expect, it } from 'vitest';
import { findNotAsked } from '../../../functions/domain/way-back/state.ts';
import {
  type CloneStep,
  cloneName,
  cloneWriterName,
  findCloneObstacle,
  nextCloneStep,
  type RemovalOfClone,
  targetKindOf,
  targetOf,
} from '../../../functions/domain/way-back/target.ts';
import { cluster, clusterSide, deployment, executionArn, instance, member, request } from '../sample.ts';

const clone = clusterSide({
  id: 'orders-way-back-1a2b3c4d',
  resourceId: 'cluster-CLONE',
  members: [member('orders-way-back-1a2b3c4d-1')],
});
const tags = { 'viridian:execution': executionArn };

describe('the target of the way back', () => {
  it.each([
    ['old blue on RDS', 'instance', undefined, 'old-blue'],
    ['a clone on Aurora', 'cluster', undefined, 'clone'],
    ['what the request names', 'cluster', 'old-blue', 'old-blue'],
  ] as const)('is %s', (_, kind, asked, expected) => expect(targetKindOf(kind, asked)).toBe(expected));

  it('is the clone once there is one, and old blue before', () => {
    expect(targetOf(deployment()).resourceId).toBe('db-ORDERS');
    expect(targetOf(deployment({ clone })).resourceId).toBe('cluster-CLONE');
  });

  it.each([
    [
      'is asked for on Aurora behind a fence',
      cluster,
      { fenceSecurityGroup: 'sg-0123456789abcdef0' },
      undefined,
    ],
    ['is not made on Aurora without one', cluster, {}, /oldBlue.fenceSecurityGroup/],
    ['needs none on RDS', instance, {}, undefined],
  ])('%s', (_, database, oldBlue, says) => {
    const because = findNotAsked(request({ wayBack: { login: {} }, oldBlue }), database);
    if (says) expect(because).toMatch(says);
    else expect(because).toBeUndefined();
  });
});

describe('the name of a clone', () => {
  const named = (run: string, id: string, resourceId = 'cluster-BLUE') =>
    cloneName(run, { database: { ...cluster, id }, blue: clusterSide({ resourceId }) });

  it('follows from the run and old blue, and from nothing else', () => {
    expect(named('run-1', 'orders')).toBe(named('run-1', 'orders'));
    expect(named('run-1', 'orders')).not.toBe(named('run-2', 'orders'));
    expect(named('run-1', 'orders')).not.toBe(named('run-1', 'orders', 'cluster-OTHER'));
  });

  it.each(['o', 'orders', 'a'.repeat(63), `${'a'.repeat(41)}-${'b'.repeat(21)}`])(
    'of %s is one that RDS takes, with its writer',
    (id) => {
      const writer = cloneWriterName(named('run-1', id));
      expect(writer).toMatch(/^[a-z](?:-?[a-z0-9]+)*$/);
      expect(writer.length).toBeLessThanOrEqual(63);
    },
  );
});

describe('the next step of making a clone', () => {
  const found = (more: Partial<typeof clone>) => ({ side: { ...clone, ...more }, tags });

  it.each<[string, Parameters<typeof nextCloneStep>[1], CloneStep['kind']]>([
    ['is to clone, when nothing has the name', undefined, 'clone'],
    ['waits for the cluster', found({ status: 'creating', members: [] }), 'busy'],
    ['is its instance, once the cluster is there', found({ members: [] }), 'add-writer'],
    ['waits for the instance', found({ members: [member('w', { status: 'creating' })] }), 'busy'],
    ['waits for an address', found({ endpoint: '' }), 'busy'],
    ['waits in a state that nobody knows', found({ status: 'polishing' }), 'busy'],
    ['is none, when both are available', found({}), 'made'],
    ['is never taken on what RDS has given up', found({ status: 'cloning-failed' }), 'no'],
    ['is never taken on what is being deleted', found({ status: 'deleting' }), 'no'],
    ['is never taken on what is of another run', { side: clone, tags: { 'viridian:execution': 'x' } }, 'no'],
    ['is never taken on what is of nobody', { side: clone, tags: {} }, 'no'],
  ])('%s', (_, seen, kind) => expect(nextCloneStep(executionArn, seen).kind).toBe(kind));
});

describe('a clone is deleted', () => {
  const removal: RemovalOfClone = {
    run: executionArn,
    found: { side: clone, tags },
    production: ['cluster-GREEN', 'cluster-GREEN'],
    blue: 'cluster-BLUE',
    green: 'cluster-GREEN',
    open: false,
  };
  const side = (resourceId: string) => ({ found: { side: { ...clone, resourceId }, tags } });

  it.each<[string, Partial<RemovalOfClone>, RegExp | undefined]>([
    ['when the way back is closed and new production serves', {}, undefined],
    ['not while the way back is open', { open: true }, /not closed/],
    [
      'not when it serves itself',
      { production: ['cluster-GREEN', 'cluster-CLONE'] },
      /leads to cluster-CLONE/,
    ],
    ['not when nothing is proved to serve', { production: [undefined] }, /leads to nothing/],
    ['not when green is not known', { green: undefined, production: [undefined] }, /not known/],
    ['not when it is new production', side('cluster-GREEN'), /not a copy/],
    ['not when it is old blue', side('cluster-BLUE'), /not a copy/],
    ['not when it is of another run', { found: { side: clone, tags: {} } }, /belongs to somebody else/],
  ])('%s', (_, more, says) => {
    const obstacle = findCloneObstacle({ ...removal, ...more });
    if (says) expect(obstacle).toMatch(says);
    else expect(obstacle).toBeUndefined();
  });
});
