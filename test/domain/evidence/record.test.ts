import { describe, expect, it } from 'vitest';
import {
  type ChangeLine,
  type ChangingCall,
  collectChanges,
} from '../../../functions/domain/evidence/record.ts';
import { saturday } from '../sample.ts';

const fields = {
  id: 'c1',
  state: 'Start switchover',
  function: 'startSwitchover',
  call: 'Switch',
  resource: 'bgd-1',
};
const sent: ChangeLine = { event: 'change.sent', at: saturday, fields };
const ended = (how: string, more: object = {}, at = saturday + 500): ChangeLine => ({
  event: `change.${how}`,
  at,
  fields: { ...fields, ...more },
});

/** A call that was sent and of which nothing more is known. */
const unfinished: ChangingCall = {
  id: 'c1',
  at: '2026-11-21T08:00:00.000Z',
  by: 'Start switchover',
  call: 'Switch',
  resource: 'bgd-1',
  outcome: 'unfinished',
  error: null,
  requestId: null,
  resourceId: null,
};

describe('a changing call, from the lines of the logs', () => {
  it.each<[what: string, lines: ChangeLine[], call: Partial<ChangingCall>]>([
    ['was sent, and the function died', [sent], {}],
    [
      'was accepted',
      [sent, ended('accepted', { requestId: 'req-1', resourceId: 'bgd-1' })],
      { outcome: 'accepted', requestId: 'req-1', resourceId: 'bgd-1' },
    ],
    ['was refused', [sent, ended('refused', { error: 'Denied' })], { outcome: 'refused', error: 'Denied' }],
    ['has an end alone, since a log came late', [ended('unknown', {}, saturday)], { outcome: 'unknown' }],
    ['has its lines in another order', [ended('accepted'), sent], { outcome: 'accepted' }],
    [
      'is of a function that no state calls',
      [{ ...sent, fields: { ...fields, state: undefined } }],
      { by: 'startSwitchover' },
    ],
    [
      'names no resource, and has fields that are no text',
      [{ ...sent, fields: { ...fields, resource: 7 } }, ended('accepted', { error: {}, requestId: null })],
      { outcome: 'accepted', resource: null },
    ],
  ])('%s', (_what, lines, call) => {
    expect(collectChanges(lines)).toEqual([{ ...unfinished, ...call }]);
  });

  it('stands with the others in the order in which they were sent', () => {
    const later = { ...sent, at: saturday + 1, fields: { ...fields, id: 'c2' } };
    const calls = collectChanges([later, ended('accepted'), sent]);
    expect(calls.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['c1', 'accepted'],
      ['c2', 'unfinished'],
    ]);
  });
});
