import { describe, expect, it } from 'vitest';
import { firstNames, isRest } from '../../../functions/domain/model/first-names.ts';

describe('the first names of a list', () => {
  it.each<[what: string, names: string[], told: number, expected: string[]]>([
    ['a short list', ['a', 'b'], 3, ['a', 'b']],
    ['a list that just fits', ['a', 'b', 'c'], 3, ['a', 'b', 'c']],
    ['a longer one', ['a', 'b', 'c', 'd'], 3, ['a', 'b', 'c', 'and 1 more']],
    ['one that was cut before, and fits', ['a', 'b', 'and 7 more'], 3, ['a', 'b', 'and 7 more']],
    [
      'one that was cut before, and just fits',
      ['a', 'b', 'c', 'and 7 more'],
      3,
      ['a', 'b', 'c', 'and 7 more'],
    ],
    ['one that was cut before, and is cut again', ['a', 'b', 'c', 'and 17 more'], 1, ['a', 'and 19 more']],
    ['no names, and so many', ['a', 'b', 'and 7 more'], 0, ['9 in all']],
    ['an empty list', [], 3, []],
  ])('%s', (_, names, told, expected) => {
    expect(firstNames(names, told)).toEqual(expected);
  });

  it('are a dozen, where nothing else is said', () => {
    const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
    expect(firstNames(names)).toEqual([...names.slice(0, 12), 'and 18 more']);
  });
});

it.each([
  ['and 7 more', true],
  ['and 123 more', true],
  ['and more', false],
  ['bread and 7 more', false],
  ['and 7 more things', false],
])('"%s" tells the rest of a list: %s', (name, expected) => {
  expect(isRest(name)).toBe(expected);
});
