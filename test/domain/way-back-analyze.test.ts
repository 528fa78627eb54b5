import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AnalyzeProgress,
  afterTimeout,
  planAnalyze,
  type TableStatistics,
} from '../../functions/domain/way-back-analyze.ts';

const table = (name: string, bytes: number, analyzed = false): TableStatistics => ({
  database: 'shop',
  table: name,
  bytes,
  analyzed,
});
const fresh = { slow: [], leftOut: [] };

it('takes small tables first and leaves out what has statistics', () => {
  const plan = planAnalyze([table('large', 900), table('done', 5, true), table('small', 10)], fresh);
  expect(plan).toEqual([
    { database: 'shop', table: 'small', statisticsTarget: null },
    { database: 'shop', table: 'large', statisticsTarget: null },
  ]);
});

it('tries a slow table again with a small sample, after the others, and then leaves it out', () => {
  const tables = [table('slow', 1), table('other', 900)];
  const [first] = planAnalyze(tables, fresh);
  const once = afterTimeout({ left: 2, ...fresh }, first as never);
  expect(once).toEqual({ slow: ['shop: slow'], leftOut: [] });
  const again = planAnalyze(tables, once);
  expect(again.map((task) => [task.table, task.statisticsTarget])).toEqual([
    ['other', null],
    ['slow', 10],
  ]);
  const twice = afterTimeout({ left: 2, ...once }, again[1] as never);
  expect(twice).toEqual({ slow: [], leftOut: ['shop: slow'] });
  expect(planAnalyze(tables, twice).map((task) => task.table)).toEqual(['other']);
});

it('comes to an end even when no table ever finishes: two attempts for each', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), (names) => {
      const tables = names.map((name, index) => table(name, index));
      let progress: AnalyzeProgress = { left: tables.length, ...fresh };
      let attempts = 0;
      for (let [task] = planAnalyze(tables, progress); task; [task] = planAnalyze(tables, progress)) {
        progress = { ...progress, ...afterTimeout(progress, task) };
        attempts += 1;
      }
      expect(attempts).toBe(2 * names.length);
      expect(progress.leftOut).toHaveLength(names.length);
    }),
  );
});
