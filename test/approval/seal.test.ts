import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealWith, verifyWith } from '../../functions/aws/kms.ts';
import {
  type Claims,
  digestOfPlan,
  idBytes,
  isForPlan,
  readClaims,
  readCode,
  textOfClaims,
  textOfId,
  writeClaims,
} from '../../functions/domain/approval/link.ts';
import { textOfRequester } from '../../functions/domain/approval/requester.ts';
import { sealedText } from '../../functions/domain/approval/seal.ts';
import { openLink } from '../../functions/http/access.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
import { openCode, sealCode } from './code.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = new Stage(new ScaledClock());
});
afterEach(() => stage.close());

const claims: Claims = {
  purpose: 'decide',
  execution: 'upgrade-2026-11-21',
  group: 'dba',
  plan: digestOfPlan('plan'),
  expires: 4_000_000_000,
};

const makeCode = (change: Partial<Claims> = {}) => sealCode({ ...claims, ...change });

const anyClaims = fc.record({
  purpose: fc.constantFrom('decide' as const, 'stop' as const),
  execution: fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
  group: fc.string({ minLength: 1, maxLength: 40 }),
  plan: fc.string().map((text) => digestOfPlan(text)),
  expires: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('the seal of a link', () => {
  it('lets the link open that it was made for', async () => {
    expect(await openLink(await makeCode())).toMatchObject({ group: 'dba', identified: 'attested' });
  });

  it('is broken by any bit that is flipped', async () => {
    const code = await makeCode();
    const bits = fc.record({ at: fc.nat(code.length - 1), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(bits, async ({ at, bit }) => {
        const bytes = Buffer.from(code, 'latin1');
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(await openLink(bytes.toString('latin1'))).toBeUndefined();
      }),
      { numRuns: 1_500 },
    );
  });

  it('is broken by every flipped bit of its last letter, which has bits that no byte holds', async () => {
    const code = await makeCode();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const letter of alphabet)
      if (!code.endsWith(letter)) expect(await openLink(code.slice(0, -1) + letter)).toBeUndefined();
  });

  it('is broken by leaving out, doubling or adding', async () => {
    const code = await makeCode();
    const edits = fc.oneof(
      fc.nat(code.length - 1).map((at) => code.slice(0, at) + code.slice(at + 1)),
      fc.nat(code.length - 1).map((at) => code.slice(0, at) + code[at] + code.slice(at)),
      fc.string({ minLength: 1, maxLength: 5 }).map((more) => code + more),
      fc.string({ minLength: 1, maxLength: 5 }).map((more) => more + code),
    );
    await fc.assert(
      fc.asyncProperty(edits, async (edited) => {
        fc.pre(edited !== code);
        expect(await openLink(edited)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('is not the seal of other claims, whatever they are', () =>
    fc.assert(
      fc.asyncProperty(anyClaims, async (other) => {
        fc.pre(JSON.stringify(other) !== JSON.stringify(claims));
        const [, seal] = (await makeCode()).split('.');
        const [written] = (await sealCode(other)).split('.');
        expect(await openLink(`${written}.${seal}`)).toBeUndefined();
      }),
      { numRuns: 300 },
    ));

  it('does not count when it was made for another purpose or with the other key', async () => {
    const [written = ''] = (await makeCode()).split('.');
    const link = sealWith(process.env.LINK_KEY_ID ?? '');
    const decision = sealWith(process.env.DECISION_KEY_ID ?? '');
    for (const seal of [
      await link(sealedText('decision', written)),
      await link(sealedText('requester', written)),
      await link(textOfRequester({ by: 'x', execution: written })),
      await link(textOfId(Buffer.from(written, 'base64url').subarray(0, idBytes))),
      await link(written),
      await decision(textOfClaims(written)),
      createHmac('sha256', '').update(textOfClaims(written)).digest('base64url'),
    ])
      expect(await openLink(`${written}.${seal}`)).toBeUndefined();
  });

  it('stands in a link of fewer than 250 letters that mail does not break', async () => {
    const code = await makeCode({ execution: 'x'.repeat(36), group: 'database-admins' });
    expect(`https://abcdefghij.execute-api.eu-central-1.amazonaws.com/approval?${code}`.length).toBeLessThan(
      250,
    );
    expect(code).toMatch(/^[A-Za-z0-9_.-]+$/);
  });
});

describe('claims', () => {
  it('come back as they were written, whatever the names are made of', () =>
    fc.assert(
      fc.asyncProperty(anyClaims, async (given) => {
        expect(await openCode(await sealCode(given))).toEqual(given);
      }),
      { numRuns: 100 },
    ));

  it('cannot be read in the link, not even in part', () =>
    fc.assert(
      fc.asyncProperty(anyClaims, async (given) => {
        const names = { execution: `run-${given.execution}`, group: `group-${given.group}` };
        const code = await sealCode({ ...given, ...names });
        const bytes = code.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
        for (const text of [code, ...bytes]) {
          expect(text).not.toContain('run-');
          expect(text).not.toContain('group-');
        }
      }),
      { numRuns: 100 },
    ));

  it('are written differently each time, and share nothing with those of the other link of a message', async () => {
    const id = Buffer.alloc(idBytes, 7);
    const parts = [await makeCode(), await makeCode(), await sealCode(claims, id)];
    const stop = await sealCode({ ...claims, purpose: 'stop' }, id);
    const hidden = [...parts, stop].map((code) =>
      Buffer.from(code.split('.')[0] ?? '', 'base64url')
        .subarray(idBytes + 1)
        .toString('hex'),
    );
    expect(new Set(hidden.map((text) => text.slice(0, 16))).size).toBe(4);
  });

  it('are not read without the secret, or with one byte changed', () => {
    const secret = Buffer.alloc(32, 1);
    const written = writeClaims(claims, Buffer.alloc(idBytes), secret);
    const read = readCode(`${written}.${'A'.repeat(43)}`);
    if (!read) throw new Error('the code has no form');
    expect(readClaims(read, secret)).toEqual(claims);
    expect(readClaims(read, Buffer.alloc(32, 2))).toBeUndefined();
    for (let at = 0; at < written.length; at += 1) {
      const changed = `${written.slice(0, at)}${written[at] === 'A' ? 'B' : 'A'}${written.slice(at + 1)}`;
      const code = readCode(`${changed}.${'A'.repeat(43)}`);
      expect(code && readClaims(code, secret)).toBeUndefined();
    }
  });

  it.each([
    ['nothing', ''],
    ['too little', Buffer.alloc(idBytes + 1 + 16).toString('base64url')],
    ['zeros', Buffer.alloc(100).toString('base64url')],
    ['what is not base64url', '!'],
  ])('are not read from %s, even with a good seal', async (_what, written) => {
    const seal = await sealWith(process.env.LINK_KEY_ID ?? '')(textOfClaims(written));
    expect(await openLink(`${written}.${seal}`)).toBeUndefined();
  });

  it('are for one plan only', () => {
    expect(isForPlan(claims, 'plan')).toBe(true);
    expect(isForPlan(claims, 'Plan')).toBe(false);
    expect(isForPlan(claims, undefined)).toBe(false);
    expect(isForPlan({ plan: digestOfPlan(undefined) }, undefined)).toBe(false);
  });
});

describe('verifying with KMS', () => {
  it('says no to a wrong seal and throws when it cannot know', async () => {
    const verify = verifyWith(process.env.LINK_KEY_ID ?? '');
    expect(await verify('text', 'A'.repeat(43))).toBe(false);
    expect(await verify('text', 'short')).toBe(false);
    await expect(verifyWith('no-such-key')('text', 'A'.repeat(43))).rejects.toThrow('does not exist');
  });
});
