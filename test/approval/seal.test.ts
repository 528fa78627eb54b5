import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealWith, verifyWith } from '../../functions/aws/kms.ts';
import { textOfCaller } from '../../functions/domain/approval/caller.ts';
import {
  type Claims,
  isForPlan,
  readCode,
  textOfClaims,
  writeClaims,
} from '../../functions/domain/approval/link.ts';
import { digestOf, sealedText } from '../../functions/domain/approval/seal.ts';
import { openLink } from '../../functions/http/access.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
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
  plan: digestOf('plan'),
  expires: 4_000_000_000,
};

async function makeCode(change: Partial<Claims> = {}): Promise<string> {
  const written = writeClaims({ ...claims, ...change });
  return `${written}.${await sealWith(process.env.LINK_KEY_ID ?? '')(textOfClaims(written))}`;
}

const anyClaims = fc.record({
  purpose: fc.constantFrom('decide' as const, 'stop' as const),
  execution: fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }),
  group: fc.string({ minLength: 1, maxLength: 40 }),
  plan: fc.string({ maxLength: 22 }),
  expires: fc.integer({ min: 0, max: 2 ** 40 }),
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
        expect(await openLink(`${writeClaims(other)}.${seal}`)).toBeUndefined();
      }),
      { numRuns: 300 },
    ));

  it('does not count when it was made for another purpose or with the other key', async () => {
    const written = writeClaims(claims);
    const link = sealWith(process.env.LINK_KEY_ID ?? '');
    const decision = sealWith(process.env.DECISION_KEY_ID ?? '');
    const caller = { by: 'x', executionArn: 'x', group: 'dba', at: 0 };
    for (const seal of [
      await link(sealedText('decision', written)),
      await link(sealedText('caller', written)),
      await link(textOfCaller(caller)),
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
      fc.property(anyClaims, (given) => {
        const code = readCode(`${writeClaims(given)}.${'A'.repeat(43)}`);
        if (code)
          expect(code.claims).toEqual({ ...given, execution: Buffer.from(given.execution).toString() });
      }),
    ));

  it.each([
    ['no list', '{}'],
    ['a missing part', '["decide",1,"p","g"]'],
    ['a part too many', '["decide",1,"p","g","e",0]'],
    ['another purpose', '["approve",1,"p","g","e"]'],
    ['an expiry that is no number', '["decide","1","p","g","e"]'],
    ['an expiry without end', '["decide",1e999,"p","g","e"]'],
    ['a group that is no text', '["decide",1,"p",{},"e"]'],
    ['no JSON', 'decide'],
    ['nothing', ''],
  ])('are not read from %s, even with a good seal', async (_what, json) => {
    const written = Buffer.from(json).toString('base64url');
    const seal = await sealWith(process.env.LINK_KEY_ID ?? '')(textOfClaims(written));
    expect(await openLink(`${written}.${seal}`)).toBeUndefined();
  });

  it('are for one plan only', () => {
    expect(isForPlan(claims, 'plan')).toBe(true);
    expect(isForPlan(claims, 'Plan')).toBe(false);
    expect(isForPlan(claims, undefined)).toBe(false);
    expect(isForPlan({ plan: digestOf(undefined) }, undefined)).toBe(false);
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
