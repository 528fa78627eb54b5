import { describe, expect, it } from 'vitest';
import { judgeDrained } from '../../../functions/domain/way-back/drained.ts';
import type { DrainedDatabase } from '../../../functions/domain/way-back/facts.ts';

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
