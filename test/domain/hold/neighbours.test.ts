import { describe, expect, it } from 'vitest';
import { type CutNeighbours, judgeNeighbours } from '../../../functions/domain/hold/neighbours.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

const proxies = (state: string) => read([{ proxy: 'pool', state, reason: null }]);

describe('what stands beside blue just before the cut', () => {
  it.each<[string, Partial<CutNeighbours>, RegExp | null]>([
    ['nothing', {}, null],
    ['a proxy that reaches blue', { proxies: proxies('AVAILABLE') }, null],
    ['a proxy that does not', { proxies: proxies('UNAVAILABLE') }, /pool is UNAVAILABLE: mend it/],
    ['a zero-ETL integration', { integrations: read(['to-redshift']) }, /to-redshift: delete it/],
    [
      'both, each with what mends it',
      { integrations: read(['to-redshift']), proxies: proxies('UNAVAILABLE') },
      /^RDS would refuse .* to-redshift: delete it; the target of the proxy pool .*, then start again$/,
    ],
    ['proxies that cannot be read', { proxies: unreadable('AccessDenied') }, /proxies .*AccessDenied/],
    ['integrations that cannot be read', { integrations: unreadable('AccessDenied') }, /ETL .*AccessDenied/],
  ])('%s', (_what, more, because) => {
    const verdict = judgeNeighbours({ integrations: read([]), proxies: read([]), ...more });
    expect(verdict).toEqual(
      because ? { kind: 'no', because: expect.stringMatching(because) } : { kind: 'ready', facts: null },
    );
  });
});
