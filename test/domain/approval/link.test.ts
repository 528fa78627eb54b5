import { describe, expect, it } from 'vitest';
import { isConfirmed, phraseOf } from '../../../functions/domain/approval/confirmation.ts';
import {
  type Claims,
  derive,
  digestOfPlan,
  idBytes,
  isExpired,
  isForPlan,
  linkExpiries,
  nameOfLink,
  readClaims,
  readCode,
  textOfClaims,
  textOfId,
  writeClaims,
} from '../../../functions/domain/approval/link.ts';
import { phraseWords } from '../../../functions/domain/approval/phrase-words.ts';
import {
  decodeStrictly,
  digestOf,
  sealedText,
  sealPattern,
} from '../../../functions/domain/approval/seal.ts';

const id = Buffer.alloc(idBytes, 7);
const secret = Buffer.alloc(32, 9);
const claims: Claims = {
  purpose: 'decide',
  execution: 'orders-1',
  group: 'dba',
  plan: digestOfPlan('plan'),
  expires: 1_795_000_000,
};
const seal = Buffer.alloc(32, 1).toString('base64url');
const written = writeClaims(claims, id, secret);
const code = readCode(`${written}.${seal}`);

describe('the claims of a link', () => {
  it.each<Partial<Claims>>([
    {},
    { purpose: 'stop' },
    { purpose: 'go-back' },
    { group: 'Gruppe für Größe', execution: 'ü'.repeat(80) },
    { group: '', execution: 'x' },
    { expires: 0 },
    { expires: 2 ** 32 - 1 },
  ])('come back as they were written: %j', (more) => {
    const said = { ...claims, ...more };
    expect(readClaims({ id, written: writeClaims(said, id, secret) }, secret)).toEqual(said);
  });

  it('are nothing under another secret, of another message, or changed', () => {
    const bytes = Buffer.from(written, 'base64url');
    const changed = (at: number) => {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 1;
      return other.toString('base64url');
    };
    expect(readClaims({ id, written }, Buffer.alloc(32, 8))).toBeUndefined();
    expect(readClaims({ id: Buffer.alloc(idBytes, 6), written }, secret)).toBeUndefined();
    for (const at of [idBytes, idBytes + 1, bytes.length - 17, bytes.length - 16, bytes.length - 1])
      expect(readClaims({ id, written: changed(at) }, secret), `byte ${at}`).toBeUndefined();
  });

  it('without the name of a run are nothing, although nobody has changed them', () => {
    const empty = writeClaims({ ...claims, execution: '' }, id, secret);
    expect(readClaims({ id, written: empty }, secret)).toBeUndefined();
  });

  it('are written otherwise for each purpose and each message', () => {
    const texts = [
      written,
      writeClaims({ ...claims, purpose: 'stop' }, id, secret),
      writeClaims(claims, Buffer.alloc(idBytes, 6), secret),
    ];
    expect(
      new Set(
        texts.map((text) =>
          Buffer.from(text, 'base64url')
            .subarray(idBytes + 1)
            .toString('hex'),
        ),
      ).size,
    ).toBe(3);
  });

  it('give for each use other bytes of the secret', () => {
    expect(derive(secret, 'claims', 32)).not.toEqual(derive(secret, 'phrase', 32));
    expect(derive(secret, 'phrase', 4)).toHaveLength(4);
  });
});

describe('a code', () => {
  it('is taken apart: the id, what is written, what the seal covers', () => {
    expect(code).toEqual({ id, written, text: textOfClaims(written), seal });
  });

  const short = Buffer.alloc(idBytes + 1 + 16, 1);
  it.each<[string, string]>([
    ['empty', ''],
    ['without a seal', written],
    ['with a seal that is too short', `${written}.${seal.slice(1)}`],
    ['with a seal that is too long', `${written}.a${seal}`],
    ['with something before it', ` ${written}.${seal}`],
    ['with something behind it', `${written}.${seal}=`],
    ['with a seal that has bits too many', `${written}.${seal.slice(0, 42)}F`],
    ['with letters that base64url has not', `${written}+.${seal}`],
    [
      'with claims that have bits too many',
      `${Buffer.alloc(100).toString('base64url').slice(0, -1)}B.${seal}`,
    ],
    ['too short to hold claims', `${short.toString('base64url')}.${seal}`],
    ['too long', `${'A'.repeat(860)}.${seal}`],
  ])('is nothing: %s', (_what, text) => {
    expect(readCode(text)).toBeUndefined();
  });

  it('may be so short and so long', () => {
    const one = Buffer.concat([short, Buffer.alloc(1)]).toString('base64url');
    expect(readCode(`${one}.${seal}`)).toBeDefined();
    expect(readCode(`${'A'.repeat(856)}.${seal}`)).toBeDefined();
  });

  it('has a name in logs by which nobody finds it', () => {
    expect(nameOfLink('a')).toMatch(/^[0-9a-f]{12}$/);
    expect(nameOfLink('a')).not.toBe(nameOfLink('b'));
  });
});

describe('a link', () => {
  it('is void from its second on', () => {
    expect(isExpired(claims, claims.expires * 1_000 - 1)).toBe(false);
    expect(isExpired(claims, claims.expires * 1_000)).toBe(true);
  });
  it('is for one plan, and for none that is not known', () => {
    expect(isForPlan(claims, 'plan')).toBe(true);
    expect(isForPlan(claims, 'other')).toBe(false);
    expect(isForPlan({ plan: digestOfPlan(undefined) }, undefined)).toBe(false);
    expect(digestOfPlan('plan')).toHaveLength(20);
  });
});

describe('the end of a link', () => {
  const window = { opensAt: 'x', approveBy: '2026-11-21T10:00:00.900Z', closesAt: '2026-11-21T12:00:00Z' };
  it('is that of the time to answer, and of stopping that of the bake of the last cut', () => {
    expect(linkExpiries(window, 0.51)).toEqual({
      decide: Date.parse('2026-11-21T10:00:00Z') / 1_000,
      stop: Date.parse('2026-11-21T12:00:31Z') / 1_000,
    });
    expect(linkExpiries({ ...window, approveBy: 'x' }, 0).decide).toBeNaN();
  });
});

describe('a seal', () => {
  it('covers its purpose and its content', () => {
    const texts = [
      sealedText('link', 'a'),
      sealedText('copy', 'a'),
      sealedText('link', 'b'),
      textOfId(id),
      textOfId(Buffer.alloc(idBytes, 6)),
      textOfClaims('a'),
    ];
    expect(new Set(texts).size).toBe(5);
    for (const text of texts) expect(text).toMatch(/^viridian \w+ 1 [0-9a-f]{64}$/);
    expect(sealPattern.test(seal)).toBe(true);
  });
  it('is read from the one text that its bytes have', () => {
    expect(decodeStrictly(seal)).toEqual(Buffer.alloc(32, 1));
    for (const text of [`${seal}=`, `${seal.slice(0, 42)}F`, 'a b'])
      expect(decodeStrictly(text)).toBeUndefined();
  });
});

it('the digest of a value is of its content, also of none', () => {
  const values = [undefined, null, {}, [], [1], 'x'];
  const digests = values.map(digestOf);
  expect(new Set(digests).size).toBe(values.length);
  for (const digest of digests) expect(digest).toMatch(/^[A-Za-z0-9_-]{22}$/);
});

describe('the phrase of a message', () => {
  const phrase = phraseOf(secret);
  it('has three words of the list, which differ by the secret', () => {
    const words = phrase.split(' ');
    expect(words).toHaveLength(3);
    for (const word of words) expect(phraseWords).toContain(word);
    expect(phraseOf(secret)).toBe(phrase);
    const phrases = Array.from({ length: 50 }, (_, n) => phraseOf(Buffer.alloc(32, n)));
    expect(new Set(phrases).size).toBe(50);
    for (const place of [0, 1, 2])
      expect(new Set(phrases.map((one) => one.split(' ')[place])).size).toBeGreaterThan(40);
  });
  it('has words that nobody takes for another one', () => {
    expect(phraseWords).toHaveLength(1_024);
    expect(new Set(phraseWords).size).toBe(1_024);
    for (const word of phraseWords) expect(word).toMatch(/^[a-z]{3,}$/);
  });
  it.each([
    ['as it stands', phrase, true],
    ['in capitals, with stops and more blanks', ` ${phrase.toUpperCase().replaceAll(' ', ' . ')}.`, true],
    ['in one word', phrase.replaceAll(' ', ''), true],
    ['with a letter more', `${phrase}x`, false],
    ['in another order', phrase.split(' ').toReversed().join(' '), false],
    ['not at all', '', false],
    ['as something else', '...', false],
  ])('counts when it is typed %s', (_what, typed, counts) => {
    expect(isConfirmed(typed, phrase)).toBe(counts);
  });
  it('counts in wide letters, as a keyboard of another script types them', () => {
    expect(isConfirmed('\uff41\uff42', 'ab')).toBe(true);
  });
});
