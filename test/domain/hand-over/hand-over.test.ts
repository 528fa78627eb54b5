import { describe, expect, it } from 'vitest';
import type { HandOver } from '../../../functions/domain/hand-over/facts.ts';
import {
  describeHandOver,
  describeHandOverPlan,
  handOverOf,
  leftBehind,
} from '../../../functions/domain/hand-over/hand-over.ts';
import { deployment, request } from '../sample.ts';

const at = (id: string) => ({ id, resourceId: `db-${id}`, endpoint: `${id}.example:3306` });

const handOver: HandOver = {
  side: 'green',
  consumers: ['cdc at 10.0.0.5', 'lake'],
  ended: { ...at('orders-old1'), log: { position: 'log.000007:4711', gtid: '0-1-990' }, because: null },
  begins: {
    ...at('orders'),
    places: [{ database: '', position: 'log.000012:1500', gtid: '0-1-990', slot: null }],
    because: null,
  },
};
const slots = [{ database: 'shop', position: '0/A0', gtid: null, slot: 'viridian_way_back_shop' }];

const outcomeOf = (more: Partial<HandOver>, of = request()) =>
  describeHandOver({ deployment: deployment({ handOver: { ...handOver, ...more } }), request: of }, 'green');

describe('what an outcome says of consumers', () => {
  it('is both places, and for each what a person does who has no hook', () => {
    expect(outcomeOf({})).toEqual([
      'The log of orders-old1 (db-orders-old1), which took the last writes before: log.000007:4711 (GTID set 0-1-990)',
      'The log of orders (db-orders), which serves now, from its first own write on: log.000012:1500 (GTID set 0-1-990)',
      ...['cdc at 10.0.0.5', 'lake'].map(
        (name) =>
          `${name}: let it read orders-old1.example:3306 up to log.000007:4711, then stop it and start it at orders.example:3306 from log.000012:1500 (GTID set 0-1-990): so it loses no row and repeats none`,
      ),
    ]);
  });

  it.each([
    [
      'a hook has led it over',
      { answer: { verdict: 'pass', because: 'restarted' } },
      /^lake: the hook handOver has led it over: .*restarted/,
    ],
    [
      'a hook says no',
      { answer: { verdict: 'fail', because: 'gone' } },
      /^lake: the hook handOver did not lead it over: .*gone.*\. let it read/,
    ],
    [
      'a hook answers nonsense',
      { answer: 'fine' },
      /^lake: the hook handOver did not lead it over\. let it read/,
    ],
    ['a hook throws', { failed: 'Error: broken' }, /^lake: the hook handOver did not lead it over: .*broken/],
  ])('tells where %s', (_what, answer, text) => {
    expect(outcomeOf({ answers: [{ consumer: 'lake', ...answer }] }).at(-1)).toMatch(text);
  });

  it('is a new first copy where PostgreSQL begins, and where nothing is known', () => {
    const begins = (places: HandOver['begins']['places'], because: string | null = null) => ({
      begins: { ...handOver.begins, places, because },
    });
    expect(outcomeOf(begins(slots)).at(-1)).toMatch(
      /^lake: lead it to orders.example:3306, with a slot that is made there: .*first copy/,
    );
    const unknown = outcomeOf(begins([], 'no way back was set up: the request turns it off'));
    expect(unknown[1]).toMatch(/not known; no way back was set up: the request turns it off$/);
    expect(unknown.at(-1)).toMatch(/^lake: lead it to orders.example:3306: .*first copy/);
  });

  it('is nothing where the other side serves, and what the run knows where it ended early', () => {
    expect(describeHandOver({ deployment: deployment({ handOver }), request: request() }, 'blue')).toEqual(
      [],
    );
    expect(describeHandOver({ deployment: deployment(), request: request() }, 'green')).toEqual([]);
    const secured = [{ database: 'shop', slot: 'viridian_way_back_shop', asked: '0/A0', start: '0/A0' }];
    const early = handOverOf(
      { deployment: deployment(), request: request({ consumers: ['cdc'] }), wayBack: { secured } },
      'green',
    );
    expect(early).toMatchObject({ consumers: ['cdc'], ended: { log: null }, begins: { places: slots } });
  });
});

it('tells the approvers who reads, and what becomes of it', () => {
  expect(describeHandOverPlan(request(), [])).toBeUndefined();
  expect(describeHandOverPlan(request(), ['cdc'])).toMatch(
    /^cdc\. After the cut they read nothing until somebody leads them/,
  );
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-cdc';
  expect(describeHandOverPlan(request({ hooks: { handOver: { arn } } }), ['cdc'])).toMatch(
    /^cdc\. After the cut the hook handOver is called/,
  );
});

it('leaves behind whom no hook has led over', () => {
  expect(leftBehind(handOver)).toEqual(['cdc at 10.0.0.5', 'lake']);
  expect(leftBehind({ ...handOver, answers: [{ consumer: 'lake', answer: { verdict: 'pass' } }] })).toEqual([
    'cdc at 10.0.0.5',
  ]);
});

it('refuses a hook that answers later, and a consumer that is named twice', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-cdc';
  expect(() => request({ hooks: { handOver: { arn, callback: true } } })).toThrow(
    /handOver answers by returning/,
  );
  expect(() => request({ consumers: ['cdc', 'cdc'] })).toThrow(/name each consumer once/);
});
