import { describe, expect, it } from 'vitest';
import type { CompareProgress, DrainedDatabase } from '../../functions/domain/way-back-facts.ts';
import { judgeComparison, judgeDrained } from '../../functions/domain/way-back-proof.ts';

const arrived: DrainedDatabase = { database: 'shop', position: '1/A0', confirmed: '1/B0', drained: true };

describe('is everything drained?', () => {
  it.each<[string, DrainedDatabase[], string[], string]>([
    ['all has arrived', [arrived], ['shop'], 'ready'],
    [
      'one is behind',
      [arrived, { ...arrived, database: 'stock', confirmed: '1/90', drained: false }],
      ['shop', 'stock'],
      'not-yet',
    ],
    ['one was not looked at', [arrived], ['shop', 'stock'], 'not-yet'],
    ['nothing was looked at', [], ['shop'], 'not-yet'],
    ['nothing was asked for', [], [], 'no'],
    ['a slot is gone', [{ ...arrived, confirmed: null, drained: false }], ['shop'], 'no'],
  ])('%s', (_name, databases, wanted, kind) => {
    expect(judgeDrained(databases, wanted).kind).toBe(kind);
  });

  it('answers the positions that are proved', () => {
    expect(judgeDrained([arrived], ['shop'])).toEqual({
      kind: 'ready',
      facts: { positions: { shop: '1/A0' } },
    });
  });
});

describe('are both sides equal?', () => {
  const progress: CompareProgress = { tables: 5, differing: 0, examples: [], done: true };
  const example = {
    database: 'shop',
    table: 'public.items',
    rows: { production: '10', target: '9' },
    digest: { production: null, target: null },
    equal: false,
  };
  it.each<[string, CompareProgress | undefined, string]>([
    ['all tables are', progress, 'ready'],
    ['some tables are left', { ...progress, done: false }, 'not-yet'],
    ['nothing was compared', undefined, 'not-yet'],
    ['one differs, whatever is left', { ...progress, differing: 1, examples: [example], done: false }, 'no'],
  ])('%s', (_name, given, kind) => {
    expect(judgeComparison(given).kind).toBe(kind);
  });

  it('names what differs', () => {
    const missing = { ...example, table: 'public.gone', rows: { production: null, target: null } };
    expect(judgeComparison({ ...progress, differing: 2, examples: [example, missing] })).toEqual({
      kind: 'no',
      because:
        '2 tables differ: public.items in shop has 10 rows on new production and 9 on the target; public.gone in shop is on one side only, or its columns differ',
    });
  });
});
