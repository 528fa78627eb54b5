import { describe, expect, it } from 'vitest';
import type { CompareProgress, StreamFacts } from '../../../functions/domain/way-back/facts.ts';
import {
  composeLoss,
  findExceeding,
  isStatement,
  type Loss,
  stateLoss,
} from '../../../functions/domain/way-back/loss.ts';
import { findAcceptedLoss, findInputProblems } from '../../../functions/domain/way-back/roll-back-input.ts';

const now = Date.UTC(2026, 10, 27, 12);
const run = 'arn:aws:states:eu-west-1:111122223333:execution:viridian-dev-blue-green-deployment:one';

const stream = (more: Partial<StreamFacts> = {}): StreamFacts => ({
  database: 'shop',
  slot: { active: true, walStatus: 'reserved', retainedBytes: 900, confirmed: '0/A0', lagBytes: 512 },
  subscription: { enabled: true, workerAlive: false, received: '0/A0', applyErrors: 4, tablesNotReady: 0 },
  beat: { sent: 9, arrived: 7, arrivedAgeSeconds: 120 },
  ...more,
});
const differs = (table: string) => ({
  database: 'shop',
  table,
  rows: { production: '10', target: '8' },
  digest: { production: null, target: null },
  equal: false,
});
const progress = (...tables: string[]): CompareProgress => ({
  tables: 5,
  differing: tables.length,
  examples: tables.map(differs),
  done: true,
});

const facts = { databases: ['shop'], streams: [stream()], progress: null, now };
const arrived = [{ database: 'shop', position: '0/B0', confirmed: '0/B0', drained: true }];
const behind = [{ database: 'shop', position: '0/B0', confirmed: '0/A0', drained: false }];

describe('a loss is stated', () => {
  it('by the position, the log and the time until which everything has arrived', () => {
    expect(stateLoss({ ...facts, drained: behind })).toEqual({
      statement: 'lose everything since 0/A0 in shop',
      behind: [
        {
          database: 'shop',
          since: '0/A0',
          bytes: 512,
          wholeUntil: '2026-11-27T11:58:00.000Z',
          stream: 'nothing applies it, applying has failed 4 times',
        },
      ],
      tables: [],
      anyTable: false,
    });
  });

  it('by the tables that differ', () => {
    const { statement } = stateLoss({
      ...facts,
      drained: arrived,
      progress: progress('public.a', 'public.b'),
    });
    expect(statement).toBe('lose rows of public.a in shop, rows of public.b in shop');
  });

  it('as unknown where it cannot be read, and then it cannot be accepted', () => {
    const loss = stateLoss({ ...facts, drained: null, streams: null });
    expect(loss).toMatchObject({ statement: null, behind: [{ since: null, bytes: null, wholeUntil: null }] });
    const told = composeLoss({ end: 'Did not go back: green serves production', run, loss });
    expect(told?.input).toBeUndefined();
    expect(told?.lines.join()).toContain('cannot be accepted');
  });

  it('as any table where the comparison did not come to its end', () => {
    const unfinished = { ...progress('public.a'), done: false };
    expect(stateLoss({ ...facts, drained: arrived, progress: unfinished }).statement).toBe(
      'lose rows of any table',
    );
  });
});

describe('what was accepted covers', () => {
  const since = (position: string) =>
    stateLoss({
      ...facts,
      drained: [{ database: 'shop', position: '0/F0', confirmed: position, drained: false }],
    });
  const tables = (...names: string[]) =>
    stateLoss({ ...facts, drained: arrived, progress: progress(...names) });
  const any = stateLoss({ ...facts, drained: arrived, progress: { ...progress('public.a'), done: false } });
  const rows: [string, Loss, Loss | undefined, boolean][] = [
    ['the same', since('0/A0'), since('0/A0'), true],
    ['less: more has arrived', since('0/A1'), since('0/A0'), true],
    ['nothing earlier', since('0/9F'), since('0/A0'), false],
    ['nothing that nobody accepted', since('0/A0'), undefined, false],
    ['nothing of a database in which a table was accepted', since('0/A0'), tables('public.a'), false],
    ['rows of tables in a database that was accepted whole', tables('public.a'), since('0/A0'), true],
    ['the named tables', tables('public.a'), tables('public.a', 'public.b'), true],
    ['no other table', tables('public.c'), tables('public.a', 'public.b'), false],
    ['any table where any was accepted', tables('public.c'), any, true],
    ['not any table where one was named', any, tables('public.a'), false],
    ['nothing at all, when nobody was asked', stateLoss({ ...facts, drained: arrived }), undefined, false],
  ];
  it.each(rows)('%s', (_, loss, accepted, covered) => {
    expect(findExceeding(loss, accepted).length === 0).toBe(covered);
  });
});

describe('a typed statement', () => {
  const loss = stateLoss({ ...facts, drained: behind });
  it.each([
    ['lose everything since 0/A0 in shop', true],
    ['  lose everything  since 0/A0 in shop ', true],
    ['lose everything since 0/A1 in shop', false],
    ['yes', false],
    ['', false],
  ])('"%s" is the stated one: %s', (typed, good) => {
    expect(isStatement(typed, loss)).toBe(good);
    expect('loss' in findAcceptedLoss(typed, [undefined, loss])).toBe(good);
  });

  it('accepts nothing where nothing was stated, and is told what was stated where it is wrong', () => {
    expect(findAcceptedLoss('yes', [undefined, null])).toMatchObject({
      problem: expect.stringMatching(/^acceptLoss: .* has stated no loss/),
    });
    expect(findAcceptedLoss('yes', [loss])).toMatchObject({
      problem: expect.stringContaining('give "lose everything since 0/A0 in shop"'),
    });
  });
});

describe('the input', () => {
  const acceptLoss = { statement: 'lose rows of any table' };
  it.each<[string, unknown, string[]]>([
    ['is good', { executionArn: run, requestedBy: 'ops', acceptLoss }, []],
    ['is nothing', null, ['the input']],
    ['names no run', {}, ['executionArn']],
    ['has an empty name', { executionArn: run, requestedBy: '' }, ['requestedBy']],
    ['compares by guess', { executionArn: run, compare: 'guess' }, ['compare']],
    ['has a field too many', { executionArn: run, accept: true }, ['accept']],
    ['accepts with a word', { executionArn: run, acceptLoss: 'yes' }, ['acceptLoss']],
    ['accepts nothing', { executionArn: run, acceptLoss: {} }, ['acceptLoss.statement']],
    [
      'accepts with a field too many, and for nobody',
      { executionArn: run, acceptLoss: { ...acceptLoss, by: 'ada', all: true } },
      ['acceptLoss.by', 'acceptLoss.all'],
    ],
  ])('%s', (_, input, fields) => {
    const problems = findInputProblems(input);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(fields);
    expect(problems.every((problem) => problem.includes(';'))).toBe(true);
  });
});

describe('the end of going back', () => {
  const loss = stateLoss({ ...facts, drained: behind });
  const accepted = { by: 'ada', statement: loss.statement ?? '', loss };

  it('states the loss with the exact input that accepts it', () => {
    const told = composeLoss({ end: 'Did not go back: green serves production', run, loss });
    expect(JSON.parse(told?.input ?? '')).toEqual({
      executionArn: run,
      acceptLoss: { statement: 'lose everything since 0/A0 in shop' },
    });
  });

  it('says why an acceptance did not do', () => {
    const more = stateLoss({ ...facts, drained: arrived, progress: progress('public.c') });
    const end = 'Did not go back: green serves production';
    const small = { ...accepted, loss: { ...loss, behind: [] } };
    expect(composeLoss({ end, run, loss: more, accepted: small })?.lines.join()).toContain(
      'Beyond what was accepted: public.c in shop differs',
    );
  });

  it('names who accepted what, once production went back', () => {
    const told = composeLoss({ end: 'Went back: blue serves production', run, loss, accepted });
    expect(told?.lines[0]).toBe('ada accepted: "lose everything since 0/A0 in shop"');
  });

  it('is silent where nothing is lost', () => {
    expect(
      composeLoss({ end: 'Went back: blue serves production', run, loss: null, accepted: null }),
    ).toBeUndefined();
  });
});
