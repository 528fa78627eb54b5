import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../functions/domain/approval/evidence.ts';
import {
  type ApprovalRecord,
  type Asked,
  type Looked,
  lastReading,
  sawDigest,
  wasShown,
} from '../../../functions/domain/approval/question.ts';
import { nameExecution, textOfRequester } from '../../../functions/domain/approval/requester.ts';
import {
  closedUntil,
  composeWrongPhrases,
  describeWrongPhrase,
  readWrongPhrase,
} from '../../../functions/domain/approval/wrong-phrases.ts';
import { arnOf, executionArn, saturday } from '../sample.ts';

const fact = (value: string): Fact[] => [{ key: 'lag', label: 'Lag', value }];
const asked: Asked = {
  ...{ kind: 'asked', occasion: 'ask', group: 'dba', at: 'T' },
  evidence: fact('e'),
  state: fact('s'),
};
const looked = (at: string, state?: Fact[]): Looked => ({
  kind: 'looked',
  group: 'dba',
  at,
  ...(state && { state }),
});
const [newest, unread, older] = [looked('T3'), looked('T2'), looked('T1', fact('old'))];
const record = (more: Partial<ApprovalRecord> = {}): ApprovalRecord => ({
  ...{ asked, looks: [newest, unread, older], others: [], wrongPhrases: [] },
  ...{ closed: false, ended: false },
  ...more,
});

describe('what a person has seen who decides', () => {
  it('is the page of any look, and that of the message itself', () => {
    for (const look of [undefined, newest, older])
      expect(wasShown(record(), sawDigest(asked, look))).toBe(true);
  });
  it('is none of another question, and none where nobody was asked', () => {
    const other = { ...asked, evidence: fact('x') };
    expect(wasShown(record(), sawDigest(other, undefined))).toBe(false);
    expect(wasShown(record(), sawDigest(asked, looked('T9')))).toBe(false);
    const { asked: _, ...nobody } = record();
    expect(wasShown(nobody, sawDigest(asked, undefined))).toBe(false);
  });
  it('differs by facts and by the time of the look', () => {
    const digests = [
      sawDigest(asked, undefined),
      sawDigest({ ...asked, state: fact('x') }, undefined),
      ...[looked('T1'), looked('T2'), looked('T1', fact('x')), looked('T1', fact('y'))].map((look) =>
        sawDigest(asked, look),
      ),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
  it('was read last by the newest look that could', () => {
    expect(lastReading(record())).toBe(older);
    expect(lastReading(record({ looks: [newest] }))).toBeUndefined();
  });
});

describe('the name of an execution', () => {
  it.each([
    ['orders', '' as const, 'orders-2026-11-21-0800-a1'],
    ['orders', 'back-' as const, 'orders-back-2026-11-21-0800-a1'],
    [arnOf('orders'), '' as const, 'orders-2026-11-21-0800-a1'],
    ['a_b.c', '' as const, 'a-b-c-2026-11-21-0800-a1'],
    ['x'.repeat(63), '' as const, `${'x'.repeat(40)}-2026-11-21-0800-a1`],
  ])('about %s (%s) is %s', (subject, kind, name) => {
    expect(nameExecution(subject, kind, saturday, 'a1')).toBe(name);
  });
  it('is sealed with who asked for it', () => {
    const texts = [
      { by: 'a', execution: 'x' },
      { by: 'b', execution: 'x' },
      { by: 'a', execution: 'y' },
    ].map(textOfRequester);
    expect(new Set(texts).size).toBe(3);
  });
});

describe('wrong phrases at a link', () => {
  const link = '0123456789ab';
  const wrong = (count: number, of = link) =>
    Array.from({ length: count }, (_, index) => ({ link: of, at: saturday + index }));
  const quarter = 15 * 60_000;

  it.each<[string, number, number, number | undefined]>([
    ['none', 0, 0, undefined],
    ['four', 4, 0, undefined],
    ['five close it for a quarter of an hour', 5, 0, saturday + 4 + quarter],
    ['five, just before it opens again', 5, 3 + quarter, saturday + 4 + quarter],
    ['five, when it opens again', 5, 4 + quarter, undefined],
    ['six: open', 6, 0, undefined],
    ['ten close it again', 10, 0, saturday + 9 + quarter],
    ['fourteen: open', 14, 0, undefined],
    ['fifteen close it for good', 15, 100 * quarter, Number.POSITIVE_INFINITY],
  ])('%s', (_what, count, after, until) => {
    expect(closedUntil([...wrong(count), ...wrong(5, 'other')], link, saturday + after)).toBe(until);
  });

  it('are read again from the cause of a tick, and from no other one', () => {
    expect(readWrongPhrase(describeWrongPhrase(link))).toBe(link);
    for (const cause of ['', `so ${describeWrongPhrase(link)}`, `${describeWrongPhrase(link)}0`])
      expect(readWrongPhrase(cause)).toBeUndefined();
  });

  const closing = {
    ...{ executionArn, group: 'dba', purpose: 'decide' as const, link, count: 5 },
    ...{ until: '2026-11-21T08:15:00.000Z', runbook: 'https://runbook.example' },
  };
  it.each([
    ['can decide', {}, /5 wrong phrases.*group dba can decide\./],
    ['can stop the run', { purpose: 'stop' as const }, /group dba can stop the run\./],
    ['for a while', {}, /is closed until 2026-11-21 08:15 UTC\./],
    ['for good', { until: null }, /is closed for good\./],
  ])('are told to all: what the link can do, and for how long it is closed: %s', (_what, more, words) => {
    expect(composeWrongPhrases({ ...closing, ...more }).text).toMatch(words);
  });
  it('are told once for each closing, with the run and the link', () => {
    const { subject, text, json, attributes } = composeWrongPhrases(closing);
    expect(subject).toBe('[ACT] Wrong phrases at a link of run run-1 (group dba)');
    const blank = text.split('\n').flatMap((line, at) => (line === '' ? [at] : []));
    expect(blank).toEqual([2, 6, text.split('\n').length - 1]);
    expect(text).toContain(`\nLink     ${link} (as logs`);
    const { runbook: _, ...known } = closing;
    expect(json).toMatchObject({ ...known, links: { runbook: [expect.stringContaining('approvaldenied')] } });
    expect(attributes).toMatchObject({ kind: 'wrong-phrases', severity: 'ACT', group: 'dba' });
    const idOf = (more: object) => composeWrongPhrases({ ...closing, ...more }).attributes.id;
    expect(new Set([idOf({}), idOf({ count: 10 }), idOf({ link: 'x' })]).size).toBe(3);
    expect(idOf({ until: null })).toBe(idOf({}));
  });
});
