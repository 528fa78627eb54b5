import { describe, expect, it } from 'vitest';
import {
  abandonedName,
  isRenameOpen,
  type Named,
  type NamedDatabase,
  nextRename,
} from '../../../functions/domain/way-back/rename-step.ts';

const database = (id: string, resourceId: string, more: Partial<NamedDatabase> = {}): NamedDatabase => ({
  id,
  arn: `arn:${id}`,
  resourceId,
  status: 'available',
  endpoint: `${id}:5432`,
  pendingId: null,
  ...more,
});
const target = database('orders-old1', 'db-BLUE');
const green = database('orders', 'db-GREEN');
const before: Named = { production: 'db-GREEN', target, green };
const given: Named = { production: null, target, green: database('orders-new1', 'db-GREEN') };
const done: Named = { production: 'db-BLUE', target: database('orders', 'db-BLUE'), green: given.green };

describe('the name of production goes back by two renames', () => {
  it.each<[when: string, seen: Named, step: object]>([
    ['first new production gives it away', before, { kind: 'rename', from: 'orders', to: 'orders-new1' }],
    ['then the target takes it', given, { kind: 'rename', from: 'orders-old1', to: 'orders' }],
    ['then it is done', done, { kind: 'done' }],
    [
      'the target takes it as well where new production was called otherwise',
      { ...given, green: database('orders-x', 'db-GREEN') },
      { kind: 'rename', from: 'orders-old1', to: 'orders' },
    ],
  ])('%s', (_, seen, step) => {
    expect(nextRename('orders', seen)).toEqual(step);
  });
});

describe('it is waited for', () => {
  it.each<[what: string, seen: Named, because: string]>([
    [
      'a database that is busy',
      { ...before, green: { ...green, status: 'renaming' } },
      'orders (db-GREEN) is renaming',
    ],
    [
      'a name that is to come',
      { ...before, target: { ...target, pendingId: 'orders' } },
      'orders-old1 (db-BLUE) is to become orders',
    ],
    ['an address', { ...before, target: { ...target, endpoint: '' } }, 'orders-old1 (db-BLUE) is available'],
  ])('%s', (_, seen, because) => {
    expect(nextRename('orders', seen)).toEqual({ kind: 'busy', because });
  });
});

describe('it is unclear', () => {
  it.each<[what: string, seen: Named, because: string]>([
    ['without new production', { ...before, green: undefined }, 'new production is not there'],
    ['without the target', { ...before, target: undefined }, 'the rollback target is not there'],
    [
      'where a third database has the name, even while one is busy',
      { ...before, production: 'db-OTHER', green: { ...green, status: 'renaming' } },
      'orders leads to db-OTHER, which is neither side',
    ],
  ])('%s', (_, seen, because) => {
    expect(nextRename('orders', seen)).toEqual({ kind: 'unclear', because });
  });
});

it.each([
  ['orders', 'orders-new1'],
  [`a-${'b'.repeat(61)}`, `a-${'b'.repeat(56)}-new1`],
  ['a'.repeat(58), `${'a'.repeat(58)}-new1`],
  ['a'.repeat(63), `${'a'.repeat(58)}-new1`],
  [`${'a'.repeat(57)}-bcdef`, `${'a'.repeat(57)}-new1`],
])('%s becomes %s, which RDS takes as a name', (name, abandoned) => {
  expect(abandonedName(name)).toBe(abandoned);
});

describe('a rename is still to be seen', () => {
  it.each<[when: string, renamed: string | null, seen: Pick<Named, 'target' | 'green'>, open: boolean]>([
    ['none was asked for', null, before, false],
    ['the target has the name', 'orders-old1', before, false],
    ['new production has the name', 'orders', before, false],
    ['nobody has the name', 'orders-new1', before, true],
    ['nobody is listed', 'orders', { target: undefined, green: undefined }, true],
  ])('%s', (_, renamed, seen, open) => {
    expect(isRenameOpen(renamed, { production: null, ...seen })).toBe(open);
  });
});
