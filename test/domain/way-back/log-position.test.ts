import { expect, it } from 'vitest';
import { comparePositions } from '../../../functions/domain/way-back/log-position.ts';

it.each([
  ['0/A0', '0/9F'],
  ['1/0', '0/FFFFFFFF'],
  ['10/0', '9/0'],
  ['mysql-bin-changelog.000010:4', 'mysql-bin-changelog.000009:4294967295'],
  ['mysql-bin-changelog.000003:1000', 'mysql-bin-changelog.000003:999'],
])('position %s lies behind %s', (later, earlier) => {
  expect(comparePositions(later, earlier)).toBe(1);
  expect(comparePositions(earlier, later)).toBe(-1);
  expect(comparePositions(later, later)).toBe(0);
});
