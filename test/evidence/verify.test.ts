import { describe, expect, it } from 'vitest';
import { type LedgerFile, verifyLedger } from '../../commands/evidence/verify.ts';
import { keyOf, sha256 } from '../../functions/domain/evidence/ledger.ts';
import { fileOf, makeLedger, otherKey, publicKey, recordOf } from './ledger-of.ts';

const nameOf = (sequence: number) => keyOf(sequence);
const problemsOf = (files: LedgerFile[]) => verifyLedger(files, publicKey).problems;

/** The ledger with the bytes of one record changed. */
function withChanged(sequence: number, change: (text: string) => string): LedgerFile[] {
  return makeLedger().map((file) =>
    file.name === nameOf(sequence) ? { ...file, bytes: Buffer.from(change(file.bytes.toString())) } : file,
  );
}

const without = (...names: string[]) => makeLedger().filter(({ name }) => !names.includes(name));

it('a ledger that nobody touched reconciles, in whatever order its files are read', () => {
  const { entries, problems } = verifyLedger(makeLedger().toReversed(), publicKey);
  expect(problems).toEqual([]);
  expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

describe('a manipulation is found', () => {
  it('each single bit of a record', () => {
    const [file] = makeLedger();
    if (!file) throw new Error('no file');
    // Of the line and of the seal; only the line break at the very end carries nothing.
    for (let at = 0; at < file.bytes.length - 1; at += 7) {
      const bytes = Buffer.from(file.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const found = verifyLedger([{ ...file, bytes }], publicKey);
      const isKeyName = file.bytes.indexOf('"key"') < at;
      if (!isKeyName) expect(found.problems, `byte ${at}`).not.toEqual([]);
    }
  });

  it.each<[string, LedgerFile[], RegExp]>([
    [
      'a fact that was changed',
      withChanged(2, (text) => text.replace('CHG-7', 'CHG-8')),
      /digest was signed/,
    ],
    [
      'a fact that was changed with its digest',
      withChanged(2, (text) => {
        const [line = '', seal = ''] = text.replace('CHG-7', 'CHG-8').split('\n');
        return `${line}\n${seal.replace(/"digest":"\w+"/, `"digest":"${sha256(line)}"`)}\n`;
      }),
      /signature is not of this key/,
    ],
    [
      'a record that another key signed',
      [fileOf(recordOf(1, null), otherKey.privateKey)],
      /signature is not of this key/,
    ],
    ['a record in the middle that was dropped', without(nameOf(2)), /records 2 to 2 are missing/],
    ['the first record, dropped', without(nameOf(1)), /records 1 to 1 are missing/],
    ['the newest record, dropped', without(nameOf(3)), /9999999996\.jsonl is missing: the mark/],
    [
      'two records that changed places',
      makeLedger().map((file) =>
        file.name === nameOf(1)
          ? { ...file, name: nameOf(2) }
          : file.name === nameOf(2)
            ? { ...file, name: nameOf(1) }
            : file,
      ),
      /stands in the place of/,
    ],
    [
      'a record that was replaced by a signed one',
      [...without(nameOf(2)), fileOf(recordOf(2, sha256('other')))],
      /names another record before it/,
    ],
    [
      'a record before which another one was replaced',
      [...without(nameOf(1)), fileOf(recordOf(1, null, { artefact: 'other' }))],
      /9999999997\.jsonl: it names another record before it/,
    ],
    ['a line that was added', withChanged(3, (text) => `${text}{"more":true}\n`), /more than two lines/],
    ['a seal that was taken away', withChanged(3, (text) => `${text.split('\n')[0]}\n`), /digest was signed/],
    ['a file that was emptied', withChanged(1, () => ''), /digest was signed/],
    [
      'a record that stands there twice',
      [
        ...makeLedger(),
        fileOf(recordOf(4, sha256(makeLedger()[4]?.bytes ?? ''), { run: recordOf(3, null).run })),
      ],
      /records the same end as/,
    ],
    [
      'a record without a field, although signed',
      [fileOf({ ...recordOf(1, null), changes: undefined as never })],
      /form of a record: changes/,
    ],
    [
      'a file of another name',
      [{ name: 'records/notes.txt', bytes: Buffer.from('x') }],
      /name is none of a record/,
    ],
  ])('%s', (_, files, problem) => {
    expect(problemsOf(files).join('\n')).toMatch(problem);
  });
});
