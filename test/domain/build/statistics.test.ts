import { describe, expect, it } from 'vitest';
import type { AnalyzeProgress } from '../../../functions/domain/build/analyze-plan.ts';
import {
  afterStep,
  describeStatistics,
  findNoStep,
  hasAdvanced,
  isRefreshed,
  type Statistics,
  warnOfStatistics,
} from '../../../functions/domain/build/statistics.ts';
import type { Deployment } from '../../../functions/domain/model/deployment.ts';
import { blueSide, cluster, clusterSide, deployment, greenSide, instance, request } from '../sample.ts';

const withLogin = request({ wayBack: { login: {} } });

describe('does the run refresh the statistics of green?', () => {
  it.each<[string, object, Partial<Deployment>]>([
    ['RDS for PostgreSQL to a new major version', {}, {}],
    ['Aurora PostgreSQL likewise', {}, { database: cluster, blue: clusterSide() }],
    ['also when the way back is turned off', { enabled: false }, {}],
  ])('yes: %s', (_name, wayBack, change) => {
    expect(findNoStep(request({ wayBack: { login: {}, ...wayBack } }), deployment(change))).toBeUndefined();
  });

  const minor = { green: greenSide({ engineVersion: '16.14' }), replication: 'physical' as const };
  it.each<[string, Partial<Deployment>]>([
    ['a minor version keeps them', minor],
    ['Aurora within a major version', { ...minor, database: cluster, replication: 'logical' }],
    [
      'MySQL is not touched',
      {
        database: { ...instance, engine: 'mysql' },
        blue: blueSide({ engineVersion: '8.0.44' }),
        green: greenSide({ engineVersion: '8.4.7' }),
        replication: 'binlog',
      },
    ],
  ])('it is not needed: %s', (_name, change) => {
    const none = findNoStep(withLogin, deployment(change));
    expect(none).toEqual({ needed: false, done: true, because: null, progress: null });
    expect(warnOfStatistics(none)).toEqual([]);
  });

  it.each<[string, Statistics | undefined, string]>([
    ['nobody may sign in', findNoStep(request(), deployment()), 'the request names no wayBack.login'],
    [
      'green cannot be changed',
      findNoStep(withLogin, deployment({ replication: 'physical' })),
      'green is a physical copy',
    ],
  ])('no, and the reason is told: %s', (_name, none, because) => {
    expect(none).toMatchObject({ needed: true, done: true, because });
    expect(warnOfStatistics(none)).toHaveLength(1);
  });
});

const seen = (more: Partial<AnalyzeProgress> = {}): AnalyzeProgress => ({
  tables: 5,
  analyzed: 5,
  left: 0,
  slow: [],
  givenUp: [],
  notAllowed: [],
  missing: [],
  ...more,
});

describe('the words', () => {
  it('are calm when every table has statistics', () => {
    const all = afterStep(seen());
    expect([all.done, isRefreshed(all), describeStatistics(all), warnOfStatistics(all)]).toEqual([
      true,
      true,
      'Refreshed on green: all 5 tables have statistics.',
      [],
    ]);
  });

  it('say so when nobody has looked, or nothing is lost', () => {
    expect(describeStatistics(null)).toBe('Nobody has looked at them yet.');
    expect(warnOfStatistics(undefined)).toEqual([]);
    const none = { needed: false, done: true, because: null, progress: null };
    expect(describeStatistics(none)).toMatch(/^Nothing to refresh/);
    expect(describeStatistics({ ...none, needed: true })).toMatch(/^Not refreshed on green\. Without/);
  });

  it('end only when nothing is left', () => {
    expect([afterStep(seen()).done, afterStep(seen({ left: 1 })).done]).toEqual([true, false]);
  });

  it('of a database without tables are calm as well', () => {
    expect(warnOfStatistics(afterStep(seen({ tables: 0, analyzed: 0 })))).toEqual([]);
  });

  it.each<[string, Statistics, string]>([
    [
      'a table is too slow',
      afterStep(seen({ analyzed: 4, givenUp: [{ table: 'shop: public.big', because: 'too slow' }] })),
      'Refreshed on green for 4 of 5 tables. Left out: shop: public.big (too slow).',
    ],
    [
      'a table was slow, and no right is missing',
      afterStep(seen({ analyzed: 4, slow: ['shop: x.big'] })),
      'Left out: shop: x.big (too slow with the full sample). Without statistics plans may be bad',
    ],
    [
      'two rights are missing',
      afterStep(seen({ analyzed: 3, notAllowed: ['a', 'b'], missing: ['GRANT a;', 'GRANT b;'] })),
      'Left out: a (no right), b (no right). What is missing: GRANT a; GRANT b; Without',
    ],
    [
      'a right is missing',
      afterStep(seen({ analyzed: 4, notAllowed: ['shop: x.y'], missing: ['GRANT other TO master;'] })),
      'Left out: shop: x.y (no right). What is missing: GRANT other TO master;',
    ],
    [
      'the time was over',
      { ...afterStep(seen({ analyzed: 2, left: 3 })), because: 'the hour for it was over' },
      'Refreshed on green for 2 of 5 tables (the hour for it was over). Left out: 3 that were not reached or are locked.',
    ],
    [
      'a step failed before it began',
      {
        needed: true,
        done: true,
        because: '{"errorType":"BlueGreen.Busy","errorMessage":"no answer"}',
        progress: null,
      },
      'Not refreshed on green (no answer).',
    ],
  ])('name what is left out, and what it means: %s', (_name, statistics, words) => {
    expect(describeStatistics(statistics)).toContain(words);
    expect(describeStatistics(statistics)).toContain('plans may be bad after the cut');
    expect(warnOfStatistics(statistics)).toEqual([
      { rule: 'statistics', severity: 'warning', message: describeStatistics(statistics) },
    ]);
  });

  it('name ten tables and count the others', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ table: `t${index}`, because: 'too slow' }));
    expect(describeStatistics(afterStep(seen({ tables: 20, analyzed: 5, givenUp: many })))).toMatch(
      /t9 \(too slow\), 5 that were not reached or are locked\./,
    );
  });
});

describe('a step', () => {
  it.each<[string, AnalyzeProgress | null, AnalyzeProgress, boolean]>([
    ['the first', null, seen({ left: 3 }), true],
    ['one that did a table', seen({ left: 3 }), seen({ left: 2 }), true],
    ['one that found a table slow', seen({ left: 3 }), seen({ left: 3, slow: ['a'] }), true],
    ['one that met nothing but locks', seen({ left: 3 }), seen({ left: 3 }), false],
  ])('comes nearer to the end or not: %s', (_name, before, after, advanced) => {
    expect(hasAdvanced(before, after)).toBe(advanced);
  });
});
