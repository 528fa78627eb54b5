import { createHash, timingSafeEqual } from 'node:crypto';
import { derive } from './link.ts';
import { phraseWords } from './phrase-words.ts';

/**
 * What a person types to decide: three words that stand in the message alone. They come from the secret of the message, which the key
 * makes of a random id, so that neither names nor the link lead to them, and nothing of them is kept anywhere.
 */
export function phraseOf(secret: Buffer): string {
  const bits = derive(secret, 'phrase', 4).readUInt32BE();
  return [20, 10, 0].map((shift) => phraseWords[(bits >>> shift) & 0x3ff]).join(' ');
}

/** Whether what was typed is the phrase. Case, spaces, and what else stands between the letters do not matter. */
export function isConfirmed(typed: string, phrase: string): boolean {
  return timingSafeEqual(digest(typed), digest(phrase));
}

function digest(text: string): Buffer {
  const letters = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z]+/g, '');
  return createHash('sha256').update(letters).digest();
}
