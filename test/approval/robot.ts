import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { phraseOf } from '../../functions/domain/approval/confirmation.ts';

/** What a program that wants to get through a form would type: what it sees, and what testers type. */

const common = [
  'test',
  'Test',
  'test123',
  'admin',
  'password',
  'example',
  'example.com',
  'user@example.com',
  'John Doe',
  'yes',
  'confirm',
  'CONFIRM',
  'approve',
  'delete',
  'production',
  'prod',
  'database',
  'db',
  'mydb',
  'my-database',
  'test-db',
  'postgres',
  'mysql',
  'orders',
  '1',
  '0',
  '12345',
  '*',
  '%',
  "' or 1=1 --",
  'null',
  'undefined',
  'true',
  'lorem ipsum',
];

/** The text of a page as a person sees it, with the values of its fields. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body'));
  const values = [...body.matchAll(/(?:value|name|id|placeholder)="([^"]*)"/g)].map(([, value]) => value);
  const text = body.replace(/<[^>]+>/g, ' ').replace(/&(?:amp|lt|gt|quot|#39);/g, ' ');
  return `${text} ${values.join(' ')}`.replace(/\s+/g, ' ');
}

/** Every word of a text, every phrase of up to `longest` words, and common test values. */
export function guesses(text: string, longest: number): string[] {
  const words = text.split(' ').filter(Boolean);
  const found = new Set(common);
  for (const [start] of words.entries())
    for (let length = 1; length <= longest; length += 1) {
      const phrase = words.slice(start, start + length).join(' ');
      found.add(phrase);
      found.add(phrase.replace(/^[^\w]+|[^\w]+$/g, ''));
    }
  return [...found];
}

/** All that texts may hold: themselves, their parts, and what those are when they are decoded, and that once more. */
export function unfold(...texts: string[]): Set<string> {
  const found = new Set(texts);
  let fresh = texts;
  for (let depth = 0; depth < 2; depth += 1) {
    const parts = new Set(fresh.flatMap((text) => [text, ...split(text)]));
    fresh = [...parts].flatMap((part) => [part, ...decode(part)]).filter((text) => !found.has(text));
    for (const text of fresh) found.add(text);
  }
  return found;
}

function split(text: string): string[] {
  return [...text.split(/[^A-Za-z0-9_%+/=-]+/), ...text.split(/[^A-Za-z0-9]+/)].filter(isWorthwhile);
}

/** What is shorter holds no phrase; what is longer is a page, which has been split. */
const isWorthwhile = (text: string) => text.length > 7 && text.length < 2_000;

function decode(part: string): string[] {
  if (!isWorthwhile(part) || !/^[\x20-\x7e]+$/.test(part)) return [];
  const bytes = (['base64', 'base64url', 'hex'] as const).map((form) => Buffer.from(part, form));
  const packedBytes = part.length < 20 ? [] : bytes;
  const unpacked = packedBytes.flatMap((packed) =>
    [gunzipSync, inflateSync, inflateRawSync, brotliDecompressSync].flatMap((unpack) =>
      attempt(() => unpack(packed)),
    ),
  );
  const texts = [...bytes, ...unpacked].flatMap((one) => [one.toString(), one.toString('latin1')]);
  return [...texts, ...attempt(() => decodeURIComponent(part)), [...part].reverse().join('')];
}

function attempt<Result>(work: () => Result): Result[] {
  try {
    return [work()];
  } catch {
    return [];
  }
}

/** The words of everything that was found, in any combination of which a robot that knows our list may put its guesses together. */
export function wordsOf(found: Iterable<string>): Set<string> {
  return new Set([...found].flatMap((text) => text.toLowerCase().match(/[a-z]+/g) ?? []));
}

/** The phrases that a robot gets that knows how ours are made, but not the key: it puts what it has in the key's place. */
export function phrasesWithoutKey(found: Iterable<string>): Set<string> {
  const phrases = new Set<string>();
  for (const text of found)
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'latin1'), Buffer.from(text, 'base64url')]) {
      phrases.add(phraseOf(bytes));
      phrases.add(phraseOf(createHash('sha256').update(bytes).digest()));
    }
  return phrases;
}
