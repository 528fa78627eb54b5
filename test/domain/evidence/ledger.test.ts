import { expect, it } from 'vitest';
import {
  folderOfLedger,
  keyOf,
  markOf,
  nameOfEnd,
  sequenceOf,
  textToSign,
  writeFile,
} from '../../../functions/domain/evidence/ledger.ts';
import { executionArn } from '../sample.ts';

it('the newest record is the first of the list of its folder', () => {
  const keys = [1, 2, 9, 10, 100_000].map(keyOf);
  expect(keys.toSorted()).toEqual(keys.toReversed());
  expect(new Set(keys.map((key) => key.slice(0, folderOfLedger.length)))).toEqual(new Set(['records/']));
});

it.each([1, 12, 9_999_999_998])('the key of record %i names it', (sequence) => {
  expect(sequenceOf(keyOf(sequence))).toBe(sequence);
});

it.each([
  ['a file of another kind', 'records/notes.txt'],
  ['a copy under a longer name', `${keyOf(1)}.bak`],
  ['a shorter number', 'records/999999998.jsonl'],
])('no record is named by %s', (_what, key) => {
  expect(sequenceOf(key)).toBeUndefined();
});

it('each end of an execution has a mark of its own, which shows nothing of it', () => {
  const ends = ['2026-11-21T08:00:00Z', '2026-11-22T08:00:00Z'];
  const marks = ends.map((endedAt) => markOf(nameOfEnd({ executionArn, endedAt })));
  expect(new Set(marks).size).toBe(2);
  for (const mark of marks) expect(mark).toMatch(/^ends\/[0-9a-f]{64}$/);
});

/** Ledgers are verified by tools of others, which have this text from docs/evidence.md. */
it('the text that is signed stays as it is', () => {
  expect(textToSign('d1')).toBe('viridian evidence record\nd1\n');
});

it('a file has two lines: the record, and its seal', () => {
  const seal = { digest: 'd1', signature: 's1', key: 'k1' };
  expect(writeFile('{"sequence":1}', seal)).toBe(
    '{"sequence":1}\n{"digest":"d1","signature":"s1","key":"k1"}\n',
  );
});
