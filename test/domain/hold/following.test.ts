import { describe, expect, it } from 'vitest';
import type { SideFacts } from '../../../functions/domain/hand-over/side-facts.ts';
import {
  changesTables,
  describeFollowing,
  findFollowingObstacle,
  judgeFollowing,
} from '../../../functions/domain/hold/following.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

const side = (more: Partial<SideFacts> = {}): SideFacts => ({
  consumers: [],
  log: null,
  catalogs: { '': { roles: 'a' }, shop: { tables: 'a', indexes: 'a' } },
  size: null,
  stream: [],
  ...more,
});
const before = side().catalogs;

describe('blue since green was built', () => {
  it.each([
    ['nothing', before, [], false],
    ['roles', { ...before, '': { roles: 'b' } }, ['roles'], false],
    ['an index', { ...before, shop: { tables: 'a', indexes: 'b' } }, ['indexes in shop'], false],
    ['a table', { ...before, shop: { tables: 'b', indexes: 'a' } }, ['tables in shop'], true],
    ['a database', { ...before, other: { tables: 'a' } }, ['database other is new'], false],
    ['a database that is gone', { '': { roles: 'a' } }, ['database shop is gone'], false],
  ])('has %s changed', (_what, catalogs, changed, tables) => {
    const following = judgeFollowing(before, side({ catalogs }), side());
    expect(following).toEqual({ changed, obstacles: [] });
    expect(changesTables(following)).toBe(tables);
  });

  it('is not compared where everything comes to green', () => {
    expect(judgeFollowing(undefined, side({ catalogs: {} }), side()).changed).toEqual([]);
  });

  it('is told to the people who decide', () => {
    expect(describeFollowing({})).toBeUndefined();
    expect(describeFollowing({ following: read({ changed: [], obstacles: [] }) })).toBeUndefined();
    expect(describeFollowing({ following: read({ changed: ['roles'], obstacles: [] }) })).toMatch(
      /^roles: replication brings/,
    );
    expect(describeFollowing({ following: unreadable('no answer') })).toBe('not known: no answer');
  });
});

describe('the cut', () => {
  const slot = { name: 'cdc', by: 'slot', active: false, confirmed: '0/1' } as const;
  const reader = { name: 'cdc at 10.0.0.5', by: 'binlog', active: true, confirmed: null } as const;
  const obstacleOf = (blue: Partial<SideFacts>, green: Partial<SideFacts>, possible = false) =>
    findFollowingObstacle({ following: read(judgeFollowing(before, side(blue), side(green))) }, { possible })
      ?.because;

  it('waits for a slot that is gone, and for a stream that flows; a reader of the binary log is handed over', () => {
    expect(obstacleOf({}, {})).toBeUndefined();
    expect(obstacleOf({ consumers: [reader] }, {})).toBeUndefined();
    expect(obstacleOf({ consumers: [slot] }, {})).toMatch(
      /^slot cdc was made on blue, and RDS switches over no database/,
    );
    expect(obstacleOf({}, { stream: ['3 tables of shop are still copied: a, b, c'] })).toMatch(
      /^on green 3 tables of shop/,
    );
  });

  it('waits for databases that do not answer only where they have to answer anyway', () => {
    const following = unreadable('no answer');
    expect(findFollowingObstacle({}, { possible: true })).toBeUndefined();
    expect(findFollowingObstacle({ following }, { possible: false })).toBeUndefined();
    expect(findFollowingObstacle({ following }, { possible: true })?.because).toMatch(
      /is not known: no answer/,
    );
  });
});
