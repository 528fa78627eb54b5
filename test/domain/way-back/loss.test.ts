import { describe, expect, it } from 'vitest';
import type { CompareProgress, StreamFacts } from '../../../functions/domain/way-back/facts.ts';
import {
  composeLoss,
  describeLoss,
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

describe('of several databases', () => {
  const two = {
    ...facts,
    databases: ['shop', 'crm'],
    drained: [...behind, { ...arrived[0], database: 'crm' }],
  };
  it('only those are told that have not received everything', () => {
    const { statement, behind: told } = stateLoss({ ...two, drained: two.drained as never });
    expect(statement).toBe('lose everything since 0/A0 in shop');
    expect(told.map(({ database }) => database)).toEqual(['shop']);
  });

  it('each has its own position and its own stream', () => {
    const slot = { active: true, walStatus: 'reserved', retainedBytes: 900, confirmed: '0/C0', lagBytes: 7 };
    const streams = [stream(), stream({ database: 'crm', slot })];
    const loss = stateLoss({ ...facts, databases: ['shop', 'crm'], streams, drained: null });
    expect(loss.behind.map(({ since, bytes }) => [since, bytes])).toEqual([
      ['0/A0', 512],
      ['0/C0', 7],
    ]);
    expect(loss.statement).toBe('lose everything since 0/A0 in shop, everything since 0/C0 in crm');
    const confirmed = [{ ...behind[0], database: 'crm', confirmed: '0/B1' }] as typeof behind;
    const later = stateLoss({ ...facts, databases: ['shop', 'crm'], streams, drained: confirmed });
    expect(later.behind.map(({ since }) => since)).toEqual(['0/A0', '0/B1']);
  });

  it('tables are named of those alone that have received everything', () => {
    const examples = [differs('public.a'), { ...differs('public.b'), database: 'crm' }];
    const compared = { ...progress('public.a', 'public.b'), examples };
    const loss = stateLoss({ ...facts, drained: behind, progress: compared });
    expect(loss.statement).toBe('lose everything since 0/A0 in shop, rows of public.b in crm');
    expect(loss.anyTable).toBe(false);
  });
});

describe('any table may differ', () => {
  it.each([
    ['not where all that differ are named', { differing: 2, done: true }, false],
    ['where more differ than are named', { differing: 3, done: true }, true],
    ['where one differs and the comparison has not ended', { differing: 1, done: false }, true],
    ['not where none differed up to where it came', { differing: 0, done: false }, false],
  ])('%s', (_, more, any) => {
    const compared = { ...progress('public.a', 'public.b'), ...more };
    expect(stateLoss({ ...facts, drained: arrived, progress: compared }).anyTable).toBe(any);
  });
});

it('where nothing is lost there is nothing to accept', () => {
  expect(stateLoss({ ...facts, drained: arrived })).toEqual({
    statement: null,
    behind: [],
    tables: [],
    anyTable: false,
  });
});

describe('what is seen of the stream', () => {
  const { slot, subscription } = stream();
  const fine = { ...subscription, workerAlive: true, applyErrors: 0 } as NonNullable<typeof subscription>;
  it.each<[what: string, streams: StreamFacts[] | null, since: string | null, says: string]>([
    ['nothing', null, null, 'the stream cannot be read'],
    ['another database alone', [stream({ database: 'crm' })], null, 'the stream cannot be read'],
    ['no slot', [stream({ slot: null })], null, 'its slot is gone'],
    ['no subscription', [stream({ slot, subscription: null })], '0/A0', 'its subscription is gone'],
    ['one that runs', [stream({ subscription: fine })], '0/A0', 'the stream runs'],
    [
      'one that is disabled',
      [stream({ subscription: { ...fine, enabled: false, applyErrors: 2 } })],
      '0/A0',
      'its subscription is disabled, applying has failed 2 times',
    ],
  ])('%s', (_, streams, since, says) => {
    const [told] = stateLoss({ ...facts, drained: null, streams }).behind;
    expect([told?.since, told?.stream]).toEqual([since, says]);
  });
});

describe('a loss is described', () => {
  const table = (rows: { production: string | null; target: string | null }) => ({
    ...differs('public.a'),
    rows,
  });
  const known = { database: 'shop', since: '0/A0', bytes: 512, wholeUntil: 'noon', stream: 'it runs' };
  const nothing: Loss = { statement: null, behind: [], tables: [], anyTable: false };
  it.each<[what: string, loss: Loss, lines: string[]]>([
    [
      'a database',
      { ...nothing, behind: [known] },
      ['database shop: everything that was written since 0/A0 (512 bytes of log; whole until noon; it runs)'],
    ],
    [
      'a database of which little is known',
      { ...nothing, behind: [{ ...known, since: null, bytes: null, wholeUntil: null }] },
      [
        'database shop: everything that was written since a position that cannot be read (how much is unknown; whole until a time that is unknown; it runs)',
      ],
    ],
    [
      'a table',
      { ...nothing, tables: [table({ production: '10', target: '8' })] },
      ['public.a in database shop: 10 rows on new production, 8 on blue'],
    ],
    [
      'a table with as many rows',
      { ...nothing, tables: [table({ production: '8', target: '8' })] },
      ['public.a in database shop: 8 rows on new production, 8 on blue, which are not the same'],
    ],
    ...(['production', 'target'] as const).map((side): [string, Loss, string[]] => [
      `a table that cannot be counted on the side of ${side}`,
      { ...nothing, tables: [table({ production: '8', target: '8', [side]: null })] },
      ['public.a in database shop: it is on one side only, or its columns differ'],
    ]),
    ['any table', { ...nothing, anyTable: true }, ['more tables may differ: not all were compared']],
    ['nothing', nothing, []],
  ])('%s', (_, loss, lines) => {
    expect(describeLoss(loss)).toEqual(lines);
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

  it('and where it does not, it is said why', () => {
    const unread = { ...since('0/A0'), behind: since('0/A0').behind.map((one) => ({ ...one, since: null })) };
    expect(findExceeding(since('0/A0'), undefined)).toEqual(['nobody has accepted it']);
    expect(findExceeding(since('0/9F'), since('0/A0'))).toEqual([
      'shop has received everything until 0/9F only, not until 0/A0',
    ]);
    expect(findExceeding(unread, since('0/A0'))).toEqual([
      'shop has received everything until an unknown position only, not until 0/A0',
    ]);
    expect(findExceeding(since('0/A0'), tables('public.a'))).toEqual([
      'shop has not received everything, which was not accepted',
    ]);
    expect(findExceeding(any, tables('public.a'))).toEqual(['tables differ that were not named']);
  });

  it('nothing of another database', () => {
    const inCrm = (loss: Loss): Loss => ({
      ...loss,
      behind: loss.behind.map((one) => ({ ...one, database: 'crm' })),
      tables: loss.tables.map((one) => ({ ...one, database: 'crm' })),
    });
    expect(findExceeding(since('0/A0'), inCrm(since('0/A0')))).toHaveLength(1);
    expect(findExceeding(tables('public.a'), inCrm(tables('public.a')))).toEqual([
      'public.a in shop differs, which was not accepted',
    ]);
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
    expect(findAcceptedLoss('yes', [{ ...loss, statement: null }, null])).toMatchObject({
      problem: expect.stringMatching(/^acceptLoss: .* has stated no loss/),
    });
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
    ['is a list', [run], ['the input']],
    ['is too long to be read', 99_999, ['the input']],
    ['names something longer than a run', { executionArn: `${run}:more` }, ['executionArn']],
    ['names a run in other words', { executionArn: `see ${run}` }, ['executionArn']],
    ['names a run in a list', { executionArn: [run] }, ['executionArn']],
    ['names a run of China', { executionArn: run.replace('aws', 'aws-cn') }, []],
    ['names a run of GovCloud', { executionArn: run.replace('aws', 'aws-us-gov') }, []],
    ['has an empty name', { executionArn: run, requestedBy: '' }, ['requestedBy']],
    ['has a name of blanks', { executionArn: run, requestedBy: '  ' }, ['requestedBy']],
    ['has a name of two lines', { executionArn: run, requestedBy: 'a\nb' }, ['requestedBy']],
    ['has a name that is no text', { executionArn: run, requestedBy: ['ada'] }, ['requestedBy']],
    ['has a name that just fits', { executionArn: run, requestedBy: 'x'.repeat(200) }, []],
    ['has a name that does not fit', { executionArn: run, requestedBy: 'x'.repeat(201) }, ['requestedBy']],
    ['has a seal', { executionArn: run, requestSeal: 'abc' }, []],
    ['has a seal that is none', { executionArn: run, requestSeal: '' }, ['requestSeal']],
    ['compares otherwise', { executionArn: run, compare: 'none' }, []],
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

  it('is told what is wrong with it in whole sentences', () => {
    expect(findInputProblems(99_999)).toEqual([
      'the input: is 99999 characters long; give at most 40960, for example {"executionArn": "ARN of the run"}',
    ]);
    expect(findInputProblems({ executionArn: run, acceptLoss: {} })).toEqual([
      'acceptLoss.statement: is missing; give the text that the execution which did not go back has stated',
    ]);
    expect(findInputProblems({ executionArn: run, requestSeal: 7 })).toEqual([
      'requestSeal: is not a line of 1 to 100 characters; leave it out',
    ]);
    expect(findInputProblems({ executionArn: run, ['x'.repeat(90)]: 1 })).toEqual([
      `${'x'.repeat(80)}: is not a field of the input; remove it, or correct its spelling`,
    ]);
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

  const [line] = describeLoss(loss);
  const input = `{"executionArn":"${run}","acceptLoss":{"statement":"lose everything since 0/A0 in shop"}}`;
  const next =
    'New production is open again, and what it takes in there meanwhile would be lost as well. To go back with this loss, start roll-back with the input below';
  const did = 'Did not go back: green serves production';
  const went = 'Went back: blue serves production';
  it.each<[what: string, report: Parameters<typeof composeLoss>[0], told: object | undefined]>([
    [
      'a loss that keeps production where it is',
      { end: did, run, loss },
      { heading: 'What going back would lose', lines: [line, next], input },
    ],
    [
      'and who had accepted it before, which did not do',
      { end: did, run, loss, accepted: { ...accepted, loss: { ...loss, behind: [] } } },
      {
        heading: 'What going back would lose',
        lines: [
          line,
          'ada accepted: "lose everything since 0/A0 in shop"',
          'Beyond what was accepted: shop has not received everything, which was not accepted',
          next,
        ],
        input,
      },
    ],
    [
      'a run that is not known',
      { end: did, loss },
      { heading: 'What going back would lose', lines: [line, next], input: input.replace(run, '') },
    ],
    ['no loss that kept it there', { end: did, run, loss: null }, undefined],
    [
      'what was lost with leave',
      { end: went, run, loss, accepted },
      {
        heading: 'Loss that was accepted',
        lines: ['ada accepted: "lose everything since 0/A0 in shop"', line],
      },
    ],
    [
      'leave that was not needed',
      { end: went, run, loss: null, accepted },
      {
        heading: 'Loss that was accepted',
        lines: [
          'ada accepted: "lose everything since 0/A0 in shop"',
          'As far as was compared nothing had to be lost',
        ],
      },
    ],
  ])('tells %s', (_, report, told) => {
    expect(composeLoss(report)).toEqual(told);
  });

  it('is silent where nothing is lost', () => {
    expect(
      composeLoss({ end: 'Went back: blue serves production', run, loss: null, accepted: null }),
    ).toBeUndefined();
  });
});
