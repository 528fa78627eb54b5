import { createHash } from 'node:crypto';

/**
 * The ledger of a stack: one file a record, each with the digest of the one before it, so that none can be changed, dropped or put elsewhere
 * without a gap. A file has two lines: the record, and the seal that names its digest and signs it.
 */

/** Where a record stands in the ledger. */
export interface Position {
  /** From 1 on, without a gap. */
  sequence: number;
  /** SHA-256 of the whole file of the record before, in hexadecimal; null of the first. */
  previous: string | null;
}

export interface Seal {
  /** SHA-256 of the line of the record, in hexadecimal. */
  digest: string;
  /** ECDSA with SHA-256 on P-256, in DER and Base64, of {@link textToSign}. */
  signature: string;
  /** ARN of the key that signed. */
  key: string;
}

export const folderOfLedger = 'records/';

/** S3 lists keys in their order and cannot begin at the end: counted down, the newest record is the first of the list. */
const countsDownFrom = 9_999_999_999;

export const keyOf = (sequence: number): string =>
  `${folderOfLedger}${String(countsDownFrom - sequence).padStart(10, '0')}.jsonl`;

/** An execution that failed may be redriven, and ends again: each end has its record. */
export const nameOfEnd = ({ executionArn, endedAt }: { executionArn: string; endedAt: string }): string =>
  `${executionArn} ${endedAt}`;

/** Object that says that there is a record of an end. It is written after the record, and holds its key. */
export const markOf = (end: string): string => `ends/${sha256(end)}`;

/** Sequence of the record that a key names; undefined when it names none. */
export function sequenceOf(key: string): number | undefined {
  const counted = /(\d{10})\.jsonl$/.exec(key)?.[1];
  return counted === undefined ? undefined : countsDownFrom - Number(counted);
}

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** Short, because KMS signs 4,096 bytes at most, and the same for every tool that verifies. */
export const textToSign = (digest: string): string => `viridian evidence record\n${digest}\n`;

export const writeFile = (record: string, seal: Seal): string => `${record}\n${JSON.stringify(seal)}\n`;
