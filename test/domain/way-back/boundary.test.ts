import { describe, expect, it } from 'vitest';
import { judgeStart, readCoordinates } from '../../../functions/domain/way-back/mysql/boundary.ts';

const at = (offset: number) => `mysql-bin-changelog.000003:${offset}`;

describe('where the stream begins', () => {
  it.each([
    ['no event', at(500), undefined, { start: at(500), early: false }],
    ['the same in both', at(500), at(500), { start: at(500), early: false }],
    ['an event that is late', at(500), at(900), { start: at(500), early: true }],
    ['an event that is early', at(500), at(300), { start: at(300), early: true }],
  ])('%s', (_, computed, witness, start) => {
    expect(judgeStart({ start: computed, early: false }, witness)).toEqual(start);
  });

  it('stays uncertain where the log itself was', () => {
    expect(judgeStart({ start: at(500), early: true }, at(500))).toEqual({ start: at(500), early: true });
  });
});

it.each([
  [
    'Binary log coordinates in green environment after switchover: file mysql-bin-changelog.000003 and position 40134574',
    'mysql-bin-changelog.000003:40134574',
  ],
  ['Binlog position from crash recovery is mysql-bin-changelog.000003 40134574', undefined],
  ['Switchover completed on blue/green deployment orders.', undefined],
])('an event says %s', (message, position) => {
  expect(readCoordinates(message)).toBe(position);
});
