import { expect, it } from 'vitest';
import { fromHistory, type RunEvent } from '../../../functions/domain/evidence/from-history.ts';
import { sha256 } from '../../../functions/domain/evidence/ledger.ts';
import { saturday } from '../sample.ts';

const entered = (name: string, at = saturday): RunEvent => ({ at, entered: name });
const answered = (state: string, payload: unknown): RunEvent => ({
  at: saturday,
  answered: { state, payload },
});
/** A text whose JSON has so many bytes. */
const ofBytes = (bytes: number) => 'x'.repeat(bytes - 2);

it('a history that has not begun has no state, no answer and no outcome', () => {
  expect(fromHistory([])).toEqual({ states: [], answers: {}, outcome: null });
});

it('states stand in the order in which they were entered, each time that they were', () => {
  const history = [entered('Bake', saturday), answered('Bake', 1), entered('Bake', saturday + 60_000)];
  expect(fromHistory(history).states).toEqual([
    { name: 'Bake', enteredAt: '2026-11-21T08:00:00.000Z' },
    { name: 'Bake', enteredAt: '2026-11-21T08:01:00.000Z' },
  ]);
});

it.each<[what: string, payload: unknown, kept: unknown]>([
  ['facts', { side: 'green', because: 'x' }, { payload: { side: 'green', because: 'x' } }],
  ['an answer without facts', undefined, { payload: null }],
  ['the longest that is kept whole', ofBytes(16_384), { payload: ofBytes(16_384) }],
  [
    'a longer one, by its digest',
    ofBytes(16_385),
    { bytes: 16_385, digest: sha256(JSON.stringify(ofBytes(16_385))) },
  ],
  ...['seal', 'seals', 'taskToken', 'token', 'link', 'code'].map((name): [string, unknown, unknown] => [
    `no ${name}, wherever it stands`,
    { decisions: [{ by: 'Ada', [name]: 'secret' }] },
    { payload: { decisions: [{ by: 'Ada' }] } },
  ]),
])('of an answer is kept: %s', (_what, payload, kept) => {
  expect(fromHistory([answered('Final check', payload)]).answers).toEqual({ 'Final check': kept });
});

it('of a state that answered twice the last answer is kept', () => {
  expect(fromHistory([answered('Bake', 1), answered('Bake', 2)]).answers).toEqual({ Bake: { payload: 2 } });
});

it.each<[what: string, payload: unknown, outcome: unknown]>([
  ['the announcement as data', { text: 'x', json: { end: 'x' } }, { end: 'x' }],
  ['nothing, of an answer without one', { text: 'x' }, null],
  ['nothing, of no answer', null, null],
])('the outcome is %s', (_what, payload, outcome) => {
  expect(fromHistory([answered('Record outcome', payload)])).toEqual({ states: [], answers: {}, outcome });
});
