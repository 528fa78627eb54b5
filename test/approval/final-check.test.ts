import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Decision,
  textOfDecision,
  type UnsealedDecision,
  verifyApprovals,
} from '../../functions/domain/approval/decision.ts';
import { isSamePerson } from '../../functions/domain/approval/person.ts';
import { makeDeployment, makeRequest, makeWindow } from './facts.ts';

const asked = Date.UTC(2026, 10, 21, 14);
const run = 'arn:aws:states:eu-west-1:111122223333:execution:viridian:run-1';
const window = makeWindow(asked);
const iso = (minutes: number) => new Date(asked + minutes * 60_000).toISOString();

const sealOf = (text: string) => createHmac('sha256', 'key').update(text).digest('base64url');
const verifySeal = async (text: string, seal: string) => seal === sealOf(text);

const said: UnsealedDecision = {
  decision: 'approve',
  execution: run,
  group: 'approvers',
  by: 'Bob Example',
  identified: 'attested',
  at: iso(10),
  askedAt: iso(0),
  answerBy: window.approveBy,
  tookSeconds: 600,
  planHash: makeDeployment().planHash ?? '',
  sawDigest: 'AAAAAAAAAAAAAAAAAAAAAA',
  reason: null,
  statement: null,
};

/** A decision that the deciding function has sealed, however odd it is. */
const sealed = (change: Partial<UnsealedDecision> = {}): Decision => {
  const decision = { ...said, ...change };
  return { ...decision, seal: sealOf(textOfDecision(decision)) };
};

function judge(decisions: unknown, change: object = {}) {
  return verifyApprovals({
    executionArn: run,
    request: makeRequest(),
    deployment: makeDeployment(),
    window,
    approval: { decisions },
    now: asked + 3_600_000,
    verifySeal,
    ...change,
  });
}

describe('the final check of the approvals', () => {
  it('believes a sealed yes of every group', async () => {
    expect(await judge([sealed()])).toEqual({ kind: 'ready', facts: [sealed()] });
  });

  it('asks for nothing where the request wants no approval', async () => {
    const request = makeRequest({ approval: { required: false } });
    expect(await judge([], { request })).toEqual({ kind: 'ready', facts: [] });
  });

  const refusals: [string, unknown, string, object?][] = [
    ['no decision', [], 'no decision'],
    ['nothing at all', undefined, 'no decision'],
    ['what is no decision', ['approve', null, 7, { decision: 'approve' }], 'no decision'],
    ['two decisions of one group', [sealed(), sealed({ by: 'Carol' })], 'more than one'],
    ['a group that was not asked', [sealed(), sealed({ group: 'others' })], '"others", which was not asked'],
    ['a no', [sealed({ decision: 'reject' })], 'not approve'],
    ['another run', [sealed({ execution: `${run}2` })], 'another run'],
    ['another plan', [sealed({ planHash: 'another' })], 'another plan'],
    ['an empty plan against no plan', [sealed({ planHash: '' })], 'another plan', { deployment: {} }],
    ['an answer before the question', [sealed({ at: iso(-1) })], 'not given in time'],
    [
      'an answer at the limit',
      [sealed({ at: window.approveBy })],
      'not given in time',
      { now: Date.parse(window.approveBy) },
    ],
    ['a limit later than the window allows', [sealed({ answerBy: window.closesAt })], 'not given in time'],
    ['a time that is none', [sealed({ at: 'soon' })], 'not given in time'],
    ['an answer from the future', [sealed({ at: iso(90) })], 'in the future'],
    ['a window that has closed', [sealed()], 'has expired', { now: Date.parse(window.closesAt) }],
    ['the requester as the decider', [sealed({ by: 'alice' })], 'cannot approve'],
    [
      'one group of two',
      [sealed()],
      'group "owners": no decision',
      { request: makeRequest({ approval: { groups: [{ name: 'approvers' }, { name: 'owners' }] } }) },
    ],
  ];
  it.each(refusals)('refuses %s', async (_what, decisions, because, change = {}) => {
    expect(await judge(decisions, change)).toEqual({ kind: 'no', because: expect.stringContaining(because) });
  });

  it('names every problem of every group', async () => {
    const verdict = await judge([sealed({ decision: 'reject', planHash: 'x', execution: 'y' })]);
    expect(verdict.kind === 'no' && verdict.because.split(';')).toHaveLength(3);
  });

  it('does not believe a decision in which anything was changed after sealing', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(said) as (keyof UnsealedDecision)[])),
        fc.string(),
        async (field, text) => {
          const value = field === 'tookSeconds' ? text.length : text;
          fc.pre(value !== said[field]);
          expect((await judge([{ ...sealed(), [field]: value }])).kind).toBe('no');
        },
      ),
    ));

  it('does not decide when a seal cannot be verified', async () => {
    const broken = () => Promise.reject(new Error('KMS is away'));
    await expect(judge([sealed()], { verifySeal: broken })).rejects.toThrow('KMS is away');
  });
});

describe('one person for two groups', () => {
  const groups = { groups: [{ name: 'dba' }, { name: 'owners' }] };
  const two = (by: string, other: string, more: Partial<UnsealedDecision> = {}) => [
    sealed({ group: 'dba', by, ...more }),
    sealed({ group: 'owners', by: other, ...more }),
  ];
  const ask = (approval: object) => ({ request: makeRequest({ approval: { ...groups, ...approval } }) });

  it('is refused, also under a name that only looks different', async () => {
    expect((await judge(two('Bob Example', 'Carol Owner'), ask({}))).kind).toBe('ready');
    for (const other of ['Bob Example', 'bob  example', 'B\u043eb Example', 'Bob\u00ad Example'])
      expect(await judge(two('Bob Example', other), ask({}))).toMatchObject({
        kind: 'no',
        because: expect.stringContaining('decided for both'),
      });
  });

  it('is let through where the request says so', async () => {
    const request = ask({ distinctPeople: false });
    expect((await judge(two('Bob Example', 'Bob Example'), request)).kind).toBe('ready');
  });

  it('by a link is no answer where only identities of IAM count', async () => {
    const request = ask({ authenticatedOnly: true });
    expect(await judge(two('Bob Example', 'Carol Owner'), request)).toMatchObject({
      because: expect.stringContaining('decided by a link'),
    });
    const known = two('arn:aws:iam::111122223333:user/bob', 'arn:aws:iam::111122223333:user/carol', {
      identified: 'authenticated',
    });
    expect((await judge(known, request)).kind).toBe('ready');
  });
});

describe('one person', () => {
  it.each([
    ['Alice', 'alice', true],
    [' alice  example ', 'Alice Example', true],
    ['alice', 'alice@example.com', true],
    ['alice@example.com', 'alice@example.org', true],
    ['arn:aws:sts::111122223333:assumed-role/Admin/alice', 'alice', true],
    ['arn:aws:sts::111122223333:assumed-role/Admin/alice@example.com', 'Alice', true],
    ['ａｌｉｃｅ', 'alice', true],
    ['\u0430li\u0441\u0435', 'alice', true],
    ['\u0391lice', 'alice', true],
    ['al\u00adice', 'alice', true],
    ['al\u200bice', 'alice', true],
    ['a\u3164lice', 'alice', true],
    ['a\u0301lice', 'alice', true],
    ['A1ice', 'alice', true],
    ['ALICE \u00a0\t EXAMPLE', 'alice example', true],
    ['\u041d\u0418\u041d\u0410', '\u043d\u0438\u043d\u0430', true],
    ['\u0397\u03a1\u0391', '\u03b7\u03c1\u03b1', true],
    [
      'arn:aws:sts::111122223333:assumed-role/Admin/alice',
      'arn:aws:sts::111122223333:assumed-role/Admin/bob',
      true,
    ],
    [
      'arn:aws:sts::111122223333:assumed-role/Admin/alice',
      'arn:aws:sts::111122223333:assumed-role/Dba/bob',
      false,
    ],
    [
      'arn:aws:sts::111122223333:assumed-role/Admin/alice',
      'arn:aws:sts::444455556666:assumed-role/Admin/bob',
      false,
    ],
    [
      'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dba_0123456789abcdef/alice',
      'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dba_0123456789abcdef/bob',
      false,
    ],
    ['alice', 'bob', false],
    ['alice', 'alice2', false],
    ['arn:aws:sts::111122223333:assumed-role/alice/bob', 'alice', false],
    ['alice', undefined, false],
    ['', '', false],
  ])('%s and %s: %s', (name, other, same) => {
    expect(isSamePerson(name, other)).toBe(same);
  });
});
