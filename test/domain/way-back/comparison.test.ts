import { describe, expect, it } from 'vitest';
import { type Comparison, comparisonOf } from '../../../functions/domain/way-back/comparison.ts';
import { request } from '../sample.ts';

describe('how a run compares when it goes back', () => {
  it.each<[what: string, asked: Comparison | undefined, planned: Comparison | undefined, by: Comparison]>([
    ['as its request says', 'checksums', 'checksums', 'checksums'],
    ['as its request says, whatever the size', 'counts', 'none', 'counts'],
    ['as was planned for the size of its databases', undefined, 'none', 'none'],
    ['by counts where nothing was planned', undefined, undefined, 'counts'],
  ])('%s', (_, asked, planned, by) => {
    const wayBack = { ...(asked && { compare: asked }) };
    expect(
      comparisonOf({ request: request({ wayBack }), wayBack: { ...(planned && { compare: planned }) } }),
    ).toBe(by);
  });
});
