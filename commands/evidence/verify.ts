import { type KeyObject, verify } from 'node:crypto';
import { type Seal, sequenceOf, sha256, textToSign } from '../../functions/domain/evidence/ledger.ts';
import type { EvidenceRecord } from '../../functions/domain/evidence/record.ts';
import { recordSchema } from './record-schema.ts';

/** An object of the bucket, or the file that holds it. */
export interface LedgerFile {
  /** Key in the bucket, for example `records/9999999998.jsonl`. */
  name: string;
  bytes: Buffer;
}

/** A record whose digest and signature are right. */
export interface Entry {
  name: string;
  sequence: number;
  record: EvidenceRecord;
  /** SHA-256 of the whole file. */
  fileDigest: string;
}

export interface Verified {
  /** In the order of the ledger. */
  entries: Entry[];
  /** What does not reconcile, each with the name of the file. */
  problems: string[];
}

/**
 * Verifies a ledger without any account: signatures, digests, the chain without a gap, the form of each record, and that every end that is marked
 * has its record.
 */
export function verifyLedger(files: readonly LedgerFile[], publicKey: KeyObject): Verified {
  const problems: string[] = [];
  const records = files.filter(({ name }) => name.startsWith('records/'));
  const entries = records
    .flatMap((file) => {
      const entry = readEntry(file, publicKey);
      if (typeof entry !== 'string') return [entry];
      problems.push(`${file.name}: ${entry}`);
      return [];
    })
    .toSorted((a, b) => a.sequence - b.sequence);
  problems.push(...findBreaks(entries), ...findMissing(files), ...findTwice(entries));
  return { entries, problems };
}

/** @returns what is wrong with it, in words */
function readEntry({ name, bytes }: LedgerFile, publicKey: KeyObject): Entry | string {
  const sequence = sequenceOf(name);
  if (sequence === undefined) return 'its name is none of a record';
  const [line = '', sealLine = '', ...rest] = bytes.toString('utf8').split('\n');
  if (rest.join('') !== '') return 'it has more than two lines';
  const seal = parse(sealLine) as Partial<Seal> | undefined;
  if (seal?.digest !== sha256(line)) return 'the record is not the one whose digest was signed';
  if (!isSigned(seal, publicKey)) return 'the signature is not of this key';
  const read = recordSchema.safeParse(parse(line));
  if (!read.success) return `it has not the form of a record: ${read.error.issues[0]?.path.join('.')}`;
  const record = read.data as EvidenceRecord;
  if (record.sequence !== sequence)
    return `it is record ${record.sequence}, and stands in the place of ${sequence}`;
  return { name, sequence, record, fileDigest: sha256(bytes) };
}

const isSigned = ({ digest = '', signature = '' }: Partial<Seal>, publicKey: KeyObject): boolean =>
  verify('sha256', Buffer.from(textToSign(digest)), publicKey, Buffer.from(signature, 'base64'));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each record names the file before it. */
function findBreaks(entries: readonly Entry[]): string[] {
  const problems: string[] = [];
  let before: Entry | undefined;
  for (const entry of entries) {
    const expected = (before?.sequence ?? 0) + 1;
    if (entry.sequence > expected)
      problems.push(`records ${expected} to ${entry.sequence - 1} are missing, or could not be read`);
    else if (entry.record.previous !== (before?.fileDigest ?? null))
      problems.push(`${entry.name}: it names another record before it than ${before?.name ?? 'none'}`);
    before = entry;
  }
  return problems;
}

/** Beside each record stands the mark of its end, which names it. */
function findMissing(files: readonly LedgerFile[]): string[] {
  const names = new Set(files.map(({ name }) => name));
  return files
    .filter(({ name }) => name.startsWith('ends/'))
    .map(({ bytes }) => bytes.toString('utf8').trim())
    .filter((name) => !names.has(name))
    .map((name) => `${name} is missing: the mark of an end names it`);
}

/** A function that died between record and mark leaves two records of one end. */
function findTwice(entries: readonly Entry[]): string[] {
  const seen = new Map<string, Entry>();
  const problems: string[] = [];
  for (const entry of entries) {
    const { executionArn, endedAt } = entry.record.run;
    const first = seen.get(`${executionArn} ${endedAt}`);
    if (first) problems.push(`${entry.name}: records the same end as ${first.name}`);
    seen.set(`${executionArn} ${endedAt}`, entry);
  }
  return problems;
}
