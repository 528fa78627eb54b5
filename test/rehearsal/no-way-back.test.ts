import { describe, expect, it } from 'vitest';
import { hadNoWayBack, whyNoWayBack } from '../../rehearsal/no-way-back.ts';

const left = (wayBack?: object) => ({
  timestamp: undefined,
  type: undefined,
  id: undefined,
  stateExitedEventDetails: {
    name: 'a state',
    ...(wayBack && { assignedVariables: { wayBack: JSON.stringify(wayBack) } }),
  },
});

describe('why a run had no way back', () => {
  it.each<[string, (object | undefined)[], string | null]>([
    ['nothing is known of it', [undefined], null],
    ['it was possible, and closed at the end', [{ possible: true, because: 'slow' }, undefined], null],
    ['it was never possible', [undefined, { possible: false, because: 'forced' }], 'forced'],
    ['it was not possible', [{ possible: true }, { possible: false, because: 'no key' }], 'no key'],
    [
      'it was lost, whatever came after',
      [{ possible: true, lost: 'too late' }, { possible: true }],
      'too late',
    ],
  ])('%s', (name, known, because) => {
    expect(whyNoWayBack(known.map(left))).toBe(because);
    expect(hadNoWayBack(known.map(left))).toBe(name === 'it was never possible');
  });
});
