import { describe, expect, it } from 'vitest';
import {
  type ApprovalFacts,
  type Decision,
  readDecision,
  readDecisions,
  textOfDecision,
  verifyApprovals,
} from '../../../functions/domain/approval/decision.ts';
import { executionArn, request, saturday } from '../sample.ts';

const iso = (minutes: number) => new Date(saturday + minutes * 60_000).toISOString();
/** The key of this test: a seal names its text, in the form of one. */
const sealOf = (said: Omit<Decision, 'seal'>) =>
  Buffer.from(textOfDecision(said)).toString('base64url').slice(-43);

const yes: Omit<Decision, 'seal'> = {
  decision: 'approve',
  execution: executionArn,
  group: 'approvers',
  by: 'Ada',
  identified: 'attested',
  at: iso(30),
  askedAt: iso(0),
  answerBy: iso(60),
  tookSeconds: 1_800,
  planHash: 'plan',
  sawDigest: 'saw',
  reason: null,
  statement: null,
};
const sealed = (more: Partial<Decision> = {}): Decision => {
  const said = { ...yes, ...more };
  return { ...said, seal: more.seal ?? sealOf(said) };
};

const facts = (decisions: unknown, more: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  executionArn,
  request: request({ requestedBy: 'Bob' }),
  deployment: { planHash: 'plan' },
  window: { opensAt: iso(0), closesAt: iso(180), approveBy: iso(120) },
  approval: { decisions },
  now: saturday + 40 * 60_000,
  verifySeal: async (text, seal) => Buffer.from(text).toString('base64url').slice(-43) === seal,
  ...more,
});
const verify = (decisions: unknown, more: Partial<ApprovalFacts> = {}) =>
  verifyApprovals(facts(decisions, more));
const at = (minutes: number) => ({ now: saturday + minutes * 60_000 });

describe('an approval', () => {
  it.each<[string, unknown, Partial<ApprovalFacts>]>([
    ['of the one group', [sealed()], {}],
    ['that stands alone, and not in a list', sealed(), {}],
    ['at the moment of the question', [sealed({ at: iso(0) })], {}],
    ['until the end of what the window allows', [sealed({ answerBy: iso(120) })], {}],
    ['by a clock that is a minute fast', [sealed({ at: iso(41) })], {}],
    ['just before the window closes', [sealed()], at(179.99)],
    ['with the loss that is lost now', [sealed({ statement: 'lose x' })], { statement: 'lose x' }],
    [
      'by an identity of IAM, where only those count',
      [sealed({ identified: 'authenticated' })],
      { request: request({ approval: { authenticatedOnly: true } }) },
    ],
    [
      'of one person for two groups, where the request allows it',
      [sealed({ group: 'a' }), sealed({ group: 'b' })],
      { request: request({ approval: { groups: [{ name: 'a' }, { name: 'b' }], distinctPeople: false } }) },
    ],
    [
      'of two persons for two groups',
      [sealed({ group: 'a' }), sealed({ group: 'b', by: 'Grace' })],
      { request: request({ approval: { groups: [{ name: 'a' }, { name: 'b' }] } }) },
    ],
  ])('holds: %s', async (_what, decisions, more) => {
    expect(await verify(decisions, more)).toEqual({ kind: 'ready', facts: [decisions].flat() });
  });

  it('is not looked at where the request asks nobody', async () => {
    const asksNobody = { request: request({ approval: { required: false } }) };
    expect(await verify([sealed()], asksNobody)).toEqual({ kind: 'ready', facts: [] });
  });

  it.each<[because: string, unknown, Partial<ApprovalFacts>]>([
    ['group "approvers": no decision', [], {}],
    ['group "approvers": no decision', undefined, {}],
    [
      'group "approvers": more than one decision',
      [sealed(), sealed({ by: 'Grace' })],
      { request: request({ approval: { distinctPeople: false } }) },
    ],
    ['group "approvers": more than one decision', [sealed(), sealed()], {}],
    ['a decision of "ops", which was not asked', [sealed(), sealed({ group: 'ops', by: 'Grace' })], {}],
    ['its seal is not the one of the deciding function', [sealed({ seal: 'x'.repeat(43) })], {}],
    ['the answer is not approve', [sealed({ decision: 'reject' })], {}],
    ['it was given for another run', [sealed({ execution: 'x' })], {}],
    ['it was given for another plan', [sealed({ planHash: 'other' })], {}],
    ['it was given for another plan', [sealed()], { deployment: {} }],
    ['it was not given in time (asked ', [sealed({ at: iso(-1) })], {}],
    [`answered ${iso(60)}, until ${iso(60)})`, [sealed({ at: iso(60) })], at(70)],
    ['it was not given in time', [sealed({ answerBy: iso(121) })], {}],
    ['it was given in the future', [sealed({ at: iso(42) })], {}],
    [`it has expired: the window closed at ${iso(180)}`, [sealed()], at(180)],
    [
      'takes identities of IAM only',
      [sealed()],
      { request: request({ approval: { authenticatedOnly: true } }) },
    ],
    ['it was given for another loss, or for none', [sealed()], { statement: 'lose x' }],
    ['it was given for another loss, or for none', [sealed({ statement: 'lose x' })], {}],
    ['Bob asked for the change and cannot approve it', [sealed({ by: 'Bob' })], {}],
    [
      'groups "a" and "b": Ada decided for both',
      [sealed({ group: 'a' }), sealed({ group: 'b', by: 'ADA' })],
      { request: request({ approval: { groups: [{ name: 'a' }, { name: 'b' }] } }) },
    ],
  ])('does not hold: %s', async (because, decisions, more) => {
    const verdict = await verify(decisions, more);
    expect(verdict).toMatchObject({
      kind: 'no',
      because: expect.stringMatching(/^the approval does not hold: /),
    });
    expect(verdict.kind === 'no' && verdict.because.split('; ').length).toBe(1);
    expect(verdict).toMatchObject({ because: expect.stringContaining(because) });
  });

  it('does not hold where times cannot be read, and says everything that is wrong', async () => {
    const verdict = await verify([sealed({ at: 'x', decision: 'reject' })]);
    expect(verdict).toMatchObject({
      because: expect.stringMatching(/not approve; .*not given in time.*; .*in the future \(x\)$/),
    });
  });

  it('is no answer where a seal cannot be verified', async () => {
    const verifySeal = () => Promise.reject(new Error('KMS is down'));
    await expect(verify([sealed()], { verifySeal })).rejects.toThrow('KMS is down');
  });
});

it('the seal of a decision covers each of its fields', () => {
  const others: Partial<Decision>[] = [
    { decision: 'reject' },
    { identified: 'authenticated' },
    { tookSeconds: 1 },
    { reason: 'x' },
    { statement: 'x' },
    ...(['execution', 'group', 'by', 'at', 'askedAt', 'answerBy', 'planHash', 'sawDigest'] as const).map(
      (field) => ({ [field]: 'x' }),
    ),
  ];
  const texts = [{}, ...others].map((more) => textOfDecision({ ...yes, ...more }));
  expect(new Set(texts).size).toBe(1 + Object.keys(yes).length);
});

describe('what has the form of a decision', () => {
  it.each<[string, Partial<Decision>]>([
    ['a yes', {}],
    ['a no with a reason', { decision: 'reject', reason: 'x' }],
    ['of an identity of IAM', { identified: 'authenticated' }],
    ['with a loss', { statement: 'lose x' }],
  ])('is read: %s', (_what, more) => {
    expect(readDecision(sealed(more))).toEqual(sealed(more));
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'approve'],
    ...Object.keys(sealed()).flatMap((field): [string, unknown][] => [
      [`without ${field}`, { ...sealed(), [field]: undefined }],
      [`with a ${field} that is a list`, { ...sealed(), [field]: [] }],
    ]),
    ['with another answer', { ...sealed(), decision: 'maybe' }],
    ['with another kind of identity', { ...sealed(), identified: 'guessed' }],
    ['with a seal that is too short', { ...sealed(), seal: 'x'.repeat(42) }],
    ['with a seal that is too long', { ...sealed(), seal: 'x'.repeat(44) }],
    ['with a seal of other letters', { ...sealed(), seal: '='.repeat(43) }],
  ])('is not read: %s', (_what, value) => {
    expect(readDecision(value)).toBeUndefined();
    expect(readDecisions({ decisions: [value] })).toEqual([]);
  });

  it.each([[null], [undefined], [{}], ['x']])('is not read out of %j', (approval) => {
    expect(readDecisions(approval)).toEqual([]);
  });
});
