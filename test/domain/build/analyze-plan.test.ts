import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AnalyzeState,
  type AnalyzeTask,
  afterTimeout,
  giveUp,
  giveUpLimit,
  planAnalyze,
  type TableStatistics,
} from '../../../functions/domain/build/analyze-plan.ts';

const table = (name: string, bytes: number, more: Partial<TableStatistics> = {}): TableStatistics => ({
  database: 'shop',
  table: name,
  bytes,
  analyzed: false,
  partitioned: false,
  missing: null,
  ...more,
});
const fresh: AnalyzeState = { slow: [], givenUp: [] };
const tried = (tasks: AnalyzeTask[]) => tasks.map((task) => [task.table, task.statisticsTarget]);

it('takes small tables first and leaves out what has statistics, or what we may not analyze', () => {
  const tables = [
    table('large', 900),
    table('done', 5, { analyzed: true }),
    table('small', 10),
    table('foreign', 1, { missing: 'GRANT other TO master;' }),
  ];
  expect(tried(planAnalyze(tables, fresh))).toEqual([
    ['small', null],
    ['large', null],
  ]);
});

it('tries a slow table again with a small sample, after the others, and then gives it up', () => {
  const tables = [table('slow', 1), table('other', 900)];
  const [first] = planAnalyze(tables, fresh) as [AnalyzeTask];
  const once = afterTimeout(fresh, first);
  expect(once).toEqual({ slow: ['shop: slow'], givenUp: [] });
  const again = planAnalyze(tables, once);
  expect(tried(again)).toEqual([
    ['other', null],
    ['slow', 10],
  ]);
  const twice = afterTimeout(once, again[1] as AnalyzeTask);
  expect(twice).toEqual({ slow: [], givenUp: [{ table: 'shop: slow', because: 'too slow' }] });
  expect(tried(planAnalyze(tables, twice))).toEqual([['other', null]]);
});

it('never takes a small sample of a partitioned table, which would replace what its partitions have', () => {
  const [task] = planAnalyze([table('parted', 0, { partitioned: true })], fresh) as [AnalyzeTask];
  expect(afterTimeout(fresh, task)).toEqual({
    slow: [],
    givenUp: [{ table: 'shop: parted', because: 'too slow' }],
  });
});

it('stops when it has passed over very many tables', () => {
  const tables = Array.from({ length: giveUpLimit + 1 }, (_, index) => table(`t${index}`, index));
  let state = fresh;
  for (let [task] = planAnalyze(tables, state); task; [task] = planAnalyze(tables, state))
    state = giveUp(state, task, 'the server passed over it');
  expect(state.givenUp).toHaveLength(giveUpLimit);
});

it('comes to an end even when no table ever finishes: two attempts for each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), (names) => {
      const tables = names.map((name, index) => table(name, index));
      let state = fresh;
      let attempts = 0;
      for (let [task] = planAnalyze(tables, state); task; [task] = planAnalyze(tables, state)) {
        state = afterTimeout(state, task);
        attempts += 1;
      }
      expect(attempts).toBe(2 * names.length);
      expect(state.givenUp).toHaveLength(names.length);
    }),
  );
});
