import { describe, expect, it } from 'vitest';
import type { StateName } from '../../../functions/domain/model/states.ts';
import { copyName, namesOfExecutions, nextCopyStep } from '../../../functions/domain/on-copy/copy.ts';
import { measure } from '../../../functions/domain/on-copy/measured.ts';
import {
  describeMeasured,
  describeRehearsed,
  findChangesSince,
  judgeRunOnCopy,
  productionOf,
  readRehearsed,
} from '../../../functions/domain/on-copy/rehearsal.ts';
import { blueSide, member } from '../sample.ts';

const rehearsal = 'arn:aws:states:eu-central-1:111122223333:execution:viridian-rehearsal:r1';
const tags = { 'viridian:copy': rehearsal };
const wanted = 'sg-copies';
const step = (found: Parameters<typeof nextCopyStep>[1], groups = [wanted]) =>
  nextCopyStep(rehearsal, found, { groups, wanted });

describe('the names of a copy', () => {
  it('follow from the rehearsal, and leave room for what RDS appends', () => {
    const id = 'a-very-long-name-of-a-database-that-nearly-fills-everything-up';
    expect(copyName(rehearsal, { id })).toBe(copyName(rehearsal, { id }));
    expect(copyName(rehearsal, { id })).not.toBe(copyName(`${rehearsal}2`, { id }));
    expect(copyName(rehearsal, { id })).toMatch(/^viridian-copy-[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(copyName(rehearsal, { id }).length).toBeLessThanOrEqual(41);
    expect(namesOfExecutions(rehearsal).goingBack).toMatch(/^copy-back-[0-9a-f]{24}$/);
  });

  it.each([
    ['orders', 'orders'],
    ['orders-main', 'orders-main'],
    ['orders-of-the-shop-in-rome', 'orders-of-the-shop'],
    ['orders-of-a-shops-x', 'orders-of-a-shops'],
  ])('have the beginning of the name of %s, and never two hyphens side by side', (id, part) => {
    expect(copyName(rehearsal, { id })).toMatch(new RegExp(`^viridian-copy-${part}-[0-9a-f]{8}$`));
    expect(namesOfExecutions(rehearsal).run).toMatch(/^copy-[0-9a-f]{24}$/);
  });
});

describe('the next step of a copy', () => {
  const there = blueSide();
  const rows: [what: string, found: Parameters<typeof nextCopyStep>[1], kind: string][] = [
    ['is to copy, where there is nothing', undefined, 'copy'],
    ['is none for a database of somebody else', { side: there, tags: {} }, 'no'],
    ['is to wait while it is being made', { side: { ...there, status: 'creating' }, tags }, 'busy'],
    ['is none for one that came to nothing', { side: { ...there, status: 'failed' }, tags }, 'no'],
    ['is a writer for a cluster without one', { side: { ...there, members: [] }, tags }, 'add-writer'],
    ['is the run, once it is there', { side: there, tags }, 'made'],
  ];
  it.each(rows)('%s', (_, found, kind) => {
    expect(step(found).kind).toBe(kind);
  });

  it.each<[string, Parameters<typeof nextCopyStep>[1], string]>([
    [
      'of somebody else',
      { side: there, tags: {} },
      'orders is not the copy of this rehearsal (tag viridian:copy)',
    ],
    ['that is lost', { side: { ...there, status: 'failed' }, tags }, 'orders is failed'],
    ['that is being made', { side: { ...there, status: 'creating' }, tags }, 'orders is creating'],
    ['without a status', { side: { ...there, status: '' }, tags }, 'orders is without a status'],
    ['without an address', { side: { ...there, endpoint: '' }, tags }, 'orders has no address'],
  ])('says of a copy %s what is seen', (_what, found, because) => {
    expect(step(found)).toMatchObject({ because });
  });

  it('is none behind another security group, or one more', () => {
    expect(step({ side: there, tags }, [wanted, 'sg-application'])).toMatchObject({
      kind: 'no',
      because: expect.stringContaining('sg-application'),
    });
  });
});

describe('what a rehearsal measures', () => {
  const entered = (...states: [StateName, seconds: number][]) =>
    states.map(([state, seconds]) => ({ state, at: seconds * 1_000 }));

  it('is the time between states, and nothing where the run did not come there', () => {
    const run = entered(
      ['Create green', 0],
      ['Is a failover of green to be tested?', 3_120],
      ['Check parity', 3_600],
      ['Hold application writes', 4_000],
      ['Start switchover', 4_001],
      ['Release application writes', 4_002],
      ['Were application writes released?', 4_003],
    );
    const back = entered(['Fence new production', 10], ['Verify going back', 14]);
    const measured = measure(run, back);
    expect(measured).toEqual({ build: 3_120, statistics: null, writesOut: 3, goingBack: 4, renames: null });
    expect(describeMeasured(measured)).toBe('build 52 min, writes out 3.0 s, going back 4.0 s');
    expect(describeMeasured(measure(run, []))).toContain('going back was not rehearsed');
  });

  it.each<[string, [StateName, number][], number | null]>([
    [
      'from the switchover on, where writes were not held',
      [
        ['Start switchover', 4],
        ['Which side serves production?', 9],
      ],
      5,
    ],
    [
      'until the last look at them, where they were held',
      [
        ['Hold application writes', 3],
        ['Release application writes', 5],
        ['Were application writes released?', 6],
        ['Were application writes released?', 7],
        ['Which side serves production?', 30],
      ],
      4,
    ],
    [
      'not, where they were never let go',
      [
        ['Hold application writes', 3],
        ['Release application writes', 5],
      ],
      null,
    ],
    [
      'not, where they were let go before they were held',
      [
        ['Were application writes released?', 2],
        ['Hold application writes', 3],
        ['Release application writes', 4],
      ],
      null,
    ],
    ['not, where the run never came there', [['Which side serves production?', 3]], null],
  ])('writes are out %s', (_what, states, seconds) => {
    expect(measure(entered(...states), []).writesOut).toBe(seconds);
  });

  it('has the time of the statistics, and of the renames in going back', () => {
    const run = entered(['Begin with the statistics of green', 1], ['Find the next window', 121]);
    const back = entered(['Begin to swap the endpoint', 3], ['Admit the application', 9]);
    expect(measure(run, back)).toMatchObject({ statistics: 120, renames: 6 });
    expect(describeMeasured(measure(run, back))).toBe(
      'statistics 2 min, of which renames 6.0 s, going back was not rehearsed',
    );
  });

  it('builds with the changes of a hook, and without the failover and the test of green', () => {
    const run = entered(
      ['Create green', 0],
      ['Wait for green', 10],
      ['Apply changes to green', 600],
      ['Wait for green', 700],
      ['Is a failover of green to be tested?', 900],
      ['Fail over green', 901],
      ['Test green', 1_000],
      ['Check parity', 9_000],
    );
    expect(measure(run, []).build).toBe(900);
  });
});

describe('the run on the copy', () => {
  const good = { cause: undefined, noWayBack: undefined };
  it.each([
    ['Went back on a copy: production was not touched', true, 'ready'],
    ['Went back: blue serves production', true, 'no'],
    ['Green serves production', false, 'ready'],
    ['Green serves production', true, 'no'],
    ['Stopped before switchover: blue serves production', false, 'no'],
    ['Going back incomplete: look before any retry', true, 'no'],
    [undefined, false, 'no'],
  ] as const)('that ended as %s, going back: %s', (end, wentBack, kind) => {
    expect(judgeRunOnCopy({ ...good, end, wentBack }).kind).toBe(kind);
  });

  it.each([
    [undefined, undefined, 'the run on the copy ended as "stopped"'],
    ['Green serves production', 'x', 'the run on the copy ended as "Green serves production": x'],
  ] as const)('that ended as %s, with the cause %s, says so', (end, cause, because) => {
    expect(judgeRunOnCopy({ ...good, end, cause, wentBack: true })).toMatchObject({ because });
  });
});

describe('a rehearsal that is read again', () => {
  const measured = { build: 3_120, statistics: null, writesOut: 3.1, goingBack: 4, renames: null };
  const then = productionOf(blueSide());
  const rehearsed = {
    resourceId: 'db-ORDERS',
    at: '2026-11-20T08:00:00Z',
    production: then,
    targetVersion: '17.10',
    measured,
  };

  it('says what was measured, and that nothing has changed', () => {
    expect(describeRehearsed(rehearsed, findChangesSince(rehearsed, then, '17.10'))).toBe(
      'Rehearsed on a copy on 2026-11-20: build 52 min, writes out 3.1 s, going back 4.0 s; since then the same version, groups, class, and size within 20 %.',
    );
  });

  it.each([
    ['grown by a fifth', { storageGiB: 120 }, '17.10', []],
    ['grown by more', { storageGiB: 121 }, '17.10', ['storage 100 GiB -> 121 GiB']],
    ['shrunk by more', { storageGiB: 79 }, '17.10', ['storage 100 GiB -> 79 GiB']],
    ['another version', { engineVersion: '16.10' }, '17.10', ['version 16.9 -> 16.10']],
    ['another group', { parameterGroup: 'b' }, '17.10', ['parameter group orders-16 -> b']],
    ['another wish', {}, null, ['wanted version 17.10 -> none']],
  ] as const)('notes what has changed: %s', (_, now, target, changes) => {
    expect(findChangesSince(rehearsed, { ...then, ...now }, target)).toEqual(changes);
  });

  it('says what has changed', () => {
    expect(describeRehearsed(rehearsed, ['version 16.9 -> 16.10', 'class a -> b'])).toMatch(
      /; since then changed: version 16\.9 -> 16\.10; class a -> b\.$/,
    );
  });

  it('is compared with the class of the writer, and has none where there is no writer', () => {
    const members = [
      member('a', { role: 'reader', instanceClass: 'db.r7g.small' }),
      member('b', { instanceClass: 'db.r7g.large' }),
    ];
    expect(productionOf(blueSide({ members }))).toEqual({ ...then, instanceClass: 'db.r7g.large' });
    expect(productionOf(blueSide({ members: [] })).instanceClass).toBeNull();
  });

  it('is not said to have another size on Aurora, whose storage has none', () => {
    const aurora = { ...then, storageGiB: null };
    expect(findChangesSince({ ...rehearsed, production: aurora }, aurora, '17.10')).toEqual([]);
  });

  it('is none in the output of a clean-up', () => {
    expect(readRehearsed('{"cleaned":true}')).toBeUndefined();
    expect(readRehearsed('7')).toBeUndefined();
    expect(readRehearsed('null')).toBeUndefined();
    expect(readRehearsed(undefined)).toBeUndefined();
    expect(readRehearsed(JSON.stringify(rehearsed))).toEqual(rehearsed);
  });
});
