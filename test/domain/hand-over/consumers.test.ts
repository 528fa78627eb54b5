import { describe, expect, it } from 'vitest';
import type { HandOver } from '../../../functions/domain/hand-over/facts.ts';
import {
  at,
  beginningsOf,
  consumersOf,
  describeHandOver,
  describeHandOverPlan,
  handOverOf,
  leftBehind,
  whyNotKnown,
} from '../../../functions/domain/hand-over/hand-over.ts';
import { blueSide, deployment, greenSide, request } from '../sample.ts';

const reader = (name: string) => ({ name, by: 'slot' as const, active: true, confirmed: null });

describe('consumers of changes are', () => {
  it.each<[what: string, request: unknown, found: ReturnType<typeof reader>[] | undefined, names: string[]]>([
    ['those that the request names', { consumers: ['lake'] }, undefined, ['lake']],
    ['those that were found', {}, [reader('cdc')], ['cdc']],
    [
      'both, each once',
      { consumers: ['lake', 'cdc'] },
      [reader('cdc'), reader('audit')],
      ['lake', 'cdc', 'audit'],
    ],
    ['nobody', {}, undefined, []],
    ['nobody of a request that is none', null, undefined, []],
  ])('%s', (_, asked, consumers, names) => {
    expect(consumersOf(asked, consumers ? { consumers } : {})).toEqual(names);
  });
});

describe('new production begins to write', () => {
  const secured = [
    { database: 'shop', slot: 'viridian_shop', asked: '0/A0', start: '0/A1' },
    { database: 'crm', slot: 'viridian_crm', asked: '0/A0', start: '0/A2' },
  ];
  it('at a slot of each database of PostgreSQL', () => {
    expect(beginningsOf('logical', secured)).toEqual([
      { database: 'shop', position: '0/A1', gtid: null, slot: 'viridian_shop' },
      { database: 'crm', position: '0/A2', gtid: null, slot: 'viridian_crm' },
    ]);
  });
  it('at one place of the binary log, which is that of the server', () => {
    expect(beginningsOf('binlog', secured)).toEqual([
      { database: '', position: '0/A1', gtid: null, slot: null },
    ]);
  });
  it.each(['logical', 'binlog'] as const)(
    'nobody knows where, when nothing was secured (%s)',
    (replication) => {
      expect(beginningsOf(replication)).toEqual([]);
    },
  );
});

it('a hook that is named is called, and names are told as those of others', () => {
  expect(describeHandOverPlan({ hooks: { handOver: {} } }, ['cdc', 'lake.example'])).toBe(
    'cdc, lake[.]example. After the cut the hook handOver is called for each, with the positions',
  );
  expect(describeHandOverPlan({ hooks: {} }, ['cdc'])).toBe(
    'cdc. After the cut they read nothing until somebody leads them to new production: the request names no hook handOver, and the outcome says how',
  );
});

describe('no position is known, because', () => {
  const asked = request({ wayBack: { login: {} } });
  it.each<[facts: Parameters<typeof whyNotKnown>[0], because: string]>([
    [{ request: request() }, 'the request names no wayBack.login'],
    [{ request: null }, 'the request names no wayBack.login'],
    [
      { request: asked, wayBack: { possible: true, lost: '{"errorMessage":"no slot"}' } },
      'the way back was not secured: no slot',
    ],
    [{ request: asked, wayBack: { possible: true } }, 'the run did not get so far'],
    [
      { request: asked, wayBack: { possible: false, because: 'tables have no key' } },
      'no way back was set up: tables have no key',
    ],
    [{ request: asked, wayBack: { possible: false } }, 'no way back was set up: it was not looked at'],
    [{ request: asked }, 'no way back was set up: it was not looked at'],
  ])('%#: %j', (facts, because) => {
    expect(whyNotKnown(facts)).toBe(because);
  });
});

describe('what a run knows that ended before it had read the positions', () => {
  const asked = request({ consumers: ['cdc'], wayBack: { login: {} } });
  const told = { deployment: deployment(), request: asked };
  const secured = [{ database: 'shop', slot: 's', asked: '0/A0', start: '0/A0' }];

  it('is both sides, and why it knows no more', () => {
    expect(handOverOf(told, 'green')).toEqual({
      side: 'green',
      consumers: ['cdc'],
      ended: { ...at(blueSide()), log: null, because: 'it was not read' },
      begins: {
        ...at(greenSide()),
        places: [],
        because: 'no way back was set up: it was not looked at',
      },
    });
    expect(at(blueSide())).toEqual({
      id: 'orders',
      resourceId: 'db-ORDERS',
      endpoint: 'orders.example.eu-central-1.rds.amazonaws.com:5432',
    });
  });

  it('is the beginning where that was secured', () => {
    expect(handOverOf({ ...told, wayBack: { secured } }, 'green')?.begins).toMatchObject({
      places: [{ database: 'shop', position: '0/A0' }],
      because: null,
    });
  });

  const noted = { side: 'blue', consumers: ['cdc'] } as HandOver;
  const { blue, green, replication, ...bare } = deployment();
  it.each<[what: string, facts: Parameters<typeof handOverOf>[0], serves: 'blue' | 'green' | 'unknown']>([
    ['blue serves', told, 'blue'],
    ['nobody knows which side serves', told, 'unknown'],
    ['nobody reads changes', { ...told, request: request() }, 'green'],
    [
      'the execution that goes back tells it',
      { ...told, deployment: deployment({ handOver: noted }) },
      'green',
    ],
    ['blue is not known', { ...told, deployment: { ...bare, green, replication } as never }, 'green'],
    ['green is not known', { ...told, deployment: { ...bare, blue, replication } }, 'green'],
    ['the replication is not known', { ...told, deployment: { ...bare, blue, green } as never }, 'green'],
  ])('is nothing where %s', (_, facts, serves) => {
    expect(handOverOf(facts, serves)).toBeUndefined();
    expect(describeHandOver(facts, serves)).toEqual([]);
  });

  it('is what was noted for the side that serves', () => {
    const facts = { ...told, deployment: deployment({ handOver: noted }) };
    expect(handOverOf(facts, 'blue')).toBe(noted);
  });
});

describe('what was noted is told', () => {
  const side = (id: string) => ({ id, resourceId: `db-${id}`, endpoint: `${id}.example:5432` });
  const noted: HandOver = {
    side: 'green',
    consumers: ['lake'],
    ended: { ...side('orders-old1'), log: { position: '0/9F', gtid: null }, because: null },
    begins: {
      ...side('orders'),
      places: [
        { database: 'shop', position: '0/A0', gtid: null, slot: 's1' },
        { database: 'crm', position: '0/A1', gtid: null, slot: 's2' },
      ],
      because: null,
    },
  };
  const lines = (more: Partial<HandOver>) =>
    describeHandOver(
      { deployment: deployment({ handOver: { ...noted, ...more } }), request: request() },
      'green',
    );
  const anew =
    'lake: lead it to orders.example:5432, with a slot that is made there: stop it and let it take a new first copy, since changes may lie between.';

  it('with the positions of each database', () => {
    expect(lines({})).toEqual([
      'The log of orders-old1 (db-orders-old1), which took the last writes before: 0/9F',
      'The log of orders (db-orders), which serves now, from its first own write on: shop 0/A0, crm 0/A1',
      `${anew} It has everything up to 0/9F where it had read orders-old1 to its end`,
    ]);
  });

  it('without the end, and why', () => {
    const ended = { ...noted.ended, log: null, because: 'it was not read' };
    expect([lines({ ended })[0], lines({ ended }).at(-1)]).toEqual([
      'The log of orders-old1 (db-orders-old1), which took the last writes before: not known, since it was not read',
      `${anew} It has everything up to the cut where it had read orders-old1 to its end`,
    ]);
  });

  const binary = {
    begins: {
      ...side('orders'),
      places: [{ database: '', position: 'log.12:4', gtid: null, slot: null }],
      because: null,
    },
  };
  it('of a binary log to its end, where that is not known', () => {
    const ended = { ...noted.ended, log: null, because: 'it was not read' };
    expect(lines({ ...binary, ended }).at(-1)).toBe(
      'lake: let it read orders-old1.example:5432 to its end, then stop it and start it at orders.example:5432 from log.12:4: so it loses no row and repeats none',
    );
  });

  it.each<[what: string, called: object, line: RegExp]>([
    [
      'a hook passed, and says nothing',
      { answer: { verdict: 'pass' } },
      /^lake: the hook handOver has led it over$/,
    ],
    [
      'a hook passed, and says nothing of use',
      { answer: { verdict: 'pass', because: '' } },
      /^lake: the hook handOver has led it over$/,
    ],
    [
      'a hook says a number',
      { answer: { verdict: 'pass', because: 7 } },
      /^lake: the hook handOver has led it over$/,
    ],
    ['a hook answered null', { answer: null, failed: 'late' }, /did not lead it over: "late"\. lead it to/],
    ['a hook answered without a verdict', { answer: {} }, /did not lead it over\. lead it to/],
  ])('where %s', (_, called, line) => {
    const answers = [
      { consumer: 'other', answer: { verdict: 'pass', because: 'not of lake' } },
      { consumer: 'lake', ...called },
    ];
    expect(lines({ answers }).at(-1)).toMatch(line);
  });

  it('and who is left behind is known by name', () => {
    const passed = { answer: { verdict: 'pass' } };
    expect(leftBehind({ ...noted, answers: [{ consumer: 'other', ...passed }] })).toEqual(['lake']);
    expect(leftBehind({ ...noted, answers: [{ consumer: 'lake', ...passed }] })).toEqual([]);
    expect(leftBehind({ ...noted, answers: [{ consumer: 'lake', answer: null }] })).toEqual(['lake']);
  });
});
