import { describe, expect, it } from 'vitest';
import { paceFor } from '../../rehearsal/pace.ts';

describe('how fast the time of a rehearsal goes', () => {
  it.each([
    ['full on a machine that answers at once', [6, 7, 8], 30],
    ['full up to the time that is prompt', [40, 40, 40], 30],
    ['half where everything takes twice as long', [80, 80, 80], 15],
    ['not below the least', [900, 900, 900], 5],
    ['not changed by one slow answer', [900, 7, 8], 30],
  ])('%s', (_name, took, scale) => {
    expect(paceFor(took)).toBe(scale);
  });
});
